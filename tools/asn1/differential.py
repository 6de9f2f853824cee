"""Makes S1AP, X2AP (or NGAP) messages from random valid values with pycrate's ASN.1 runtime and PER encoder, as an oracle that is
independent of our tables and interpreter: pip install pycrate (0.8.1) in a virtual environment of its own, then

    python differential.py S1AP 100 1 out.json      protocol, messages per message type, seed, output

Each row: procedure code, outcome, hexadecimal PDU, and the values in the form that src/decode/s1ap/pycrate.test.ts compares.
"""
import random,json,sys,importlib
proto=sys.argv[1]; per=int(sys.argv[2]); seed=int(sys.argv[3]); out=sys.argv[4]
R=random.Random(seed)
mod=importlib.import_module('pycrate_asn1dir.'+proto)
P=getattr(getattr(mod,proto+'_PDU_Descriptions'),proto+'_PDU')
cover={}
def rng(c,dlo=0,dhi=None):
    if c is None: return None,None,False
    return c.lb,c.ub,c.ext is not None
def gen(o,depth=0,p=0.5):
    T=o.TYPE
    if T=='INTEGER':
        lb,ub,ext=rng(o._const_val)
        if lb is None and ub is None: return R.choice([0,1,-1,127,128,-128,-129,255,256,65536,2**31,-2**31])
        if ub is None: return lb+R.choice([0,1,255,256,65536])
        v=R.choice([lb,ub,R.randint(lb,ub),R.randint(lb,min(ub,lb+300))])
        if ext and R.random()<0.1: v=ub+R.choice([1,1000])
        return v
    if T=='ENUMERATED': return R.choice(list(o._cont.keys()))
    if T=='BOOLEAN': return R.random()<0.5
    if T=='NULL': return 0
    if T=='OBJECT IDENTIFIER': return (1,3,6,1,4,1,R.randint(1,100000))
    if T in('OCTET STRING','BIT STRING') or T.endswith('String'):
        lb,ub,ext=rng(o._const_sz)
        lo=lb or 0
        hi=min(ub if ub is not None else 40, lo+40)
        n=R.choice([lo,hi,R.randint(lo,hi)])
        if ub is not None and ub<200 and R.random()<0.2: n=ub
        if ub is None and R.random()<0.03: n=R.choice([127,128,129,300])
        if ext and R.random()<0.1 : n=ub+R.choice([1,3])
        if T=='BIT STRING' and (lb,ub)==(1,160): n=R.choice([32,128,160,32,R.randint(1,160)])
        if T=='OCTET STRING':
            return R.randbytes(n)
        if T=='BIT STRING': return (R.getrandbits(n) if n else 0, n)
        return ''.join(R.choice('abcXYZ019 ') for _ in range(n))
    if T=='SEQUENCE OF':
        lb,ub,ext=rng(o._const_sz)
        lo=lb or 0; hi=ub if ub is not None else lo+3
        e=o._cont
        if e.TYPE=='SEQUENCE' and 'value' in e._cont and e._cont['value'].TYPE in('OPEN_TYPE','ANY') and hi>=65535 or isext(e):
            rows=tabrows(e)
            if not rows: return []
            pick=[r for r in rows if r.get('presence')=='mandatory' or R.random()<p]
            if lo and not pick: pick=[R.choice(rows)]
            return [genie(e,r,depth) for r in pick]
        n=min(hi,R.choice([lo,lo+1,lo+1,lo+2]))
        n=max(n,1) if hi>0 else 0
        if depth>6: n=max(lo,1)
        return [gen(e,depth+1,p) for _ in range(n)]
    if T=='CHOICE':
        ks=list(o._cont.keys()); k=R.choice(ks)
        return (k,gen(o._cont[k],depth+1,p))
    if T=='SEQUENCE':
        if isie(o):
            rows=tabrows(o)
            return genie(o,R.choice(rows),depth)
        if 'firstCriticality' in o._cont:
            v=o._cont['firstValue']; raise KeyError('pair')
        d={}
        for k,c in o._cont.items():
            opt = k in (o._root_opt or []) or (o._ext is not None and k in o._ext)
            if opt:
                if R.random()> (p if depth<9 else 0.1): continue
                if c.TYPE=='SEQUENCE OF' and isie(c._cont) and not tabrows(c._cont): continue
            d[k]=gen(c,depth+1,p)
        return d
    raise KeyError(T)
def isie(e): return e.TYPE=='SEQUENCE' and 'id' in e._cont and ('value' in e._cont or 'extensionValue' in e._cont)
def isext(e): return isie(e)
def valcomp(e): return 'value' if 'value' in e._cont else 'extensionValue'
def tabrows(e):
    t=e._cont[valcomp(e)]._const_tab
    if t is None: return []
    v=t._val
    if v is None: return []
    return list(v.root or [])+list(v.ext or [])
def genie(e,row,depth):
    vo=row.get('Value') or row.get('Extension')
    cover[(proto,row['id'],vo._typeref.called[1] if vo._typeref else vo.TYPE)]=cover.get((proto,row['id'],''),0)+1
    return {'id':row['id'],'criticality':row['criticality'],valcomp(e):(vo._typeref.called[1] if vo._typeref is not None else vo.TYPE, gen(vo,depth+1,0.5 if depth<5 else 0.25), vo)}
def strip(v):
    if isinstance(v,dict): return {k:strip(x) for k,x in v.items()}
    if isinstance(v,list): return [strip(x) for x in v]
    if isinstance(v,tuple) and len(v)==3 and not isinstance(v[0],int) : return (v[0],strip(v[1]))
    if isinstance(v,tuple) and len(v)==2 and isinstance(v[0],str): return (v[0],strip(v[1]))
    return v
def canon(o,v):
    T=o.TYPE
    if T=='INTEGER': return v if abs(v)<2**53 else str(v)
    if T in('ENUMERATED','BOOLEAN'): return v
    if T=='NULL': return None
    if T=='OBJECT IDENTIFIER': return '.'.join(map(str,v))
    if T=='OCTET STRING': return 'x'+v.hex()
    if T=='BIT STRING':
        n=v[1]; pad=(-n)%8
        return 'b%d:%s'%(n,(v[0]<<pad).to_bytes((n+7)//8,'big').hex())
    if T.endswith('String'): return v
    if T=='SEQUENCE OF': return [canon(o._cont,x) for x in v]
    if T=='CHOICE': return [v[0],canon(o._cont[v[0]],v[1])]
    if T=='SEQUENCE':
        if isie(o):
            _,val,vo=v[valcomp(o)]
            return {'id':v['id'],'crit':v['criticality'],'value':canon(vo,val)}
        return {k:canon(o._cont[k],x) for k,x in v.items()}
    raise KeyError(T)
rows=[]
fails=0
tab=P._cont['initiatingMessage']._cont['value']._const_tab._val
for row in list(tab.root)+list(tab.ext or []):
  for outcome,key in (('initiatingMessage','InitiatingMessage'),('successfulOutcome','SuccessfulOutcome'),('unsuccessfulOutcome','UnsuccessfulOutcome')):
    if key not in row: continue
    mo=row[key]
    for i in range(per):
        try:
            v=gen(mo,0,R.choice([0.2,0.5,0.9,1.0]))
            name=mo._typeref.called[1]
            P.set_val((outcome,{'procedureCode':row['procedureCode'],'criticality':row['criticality'],'value':(name,strip(v))}))
            h=P.to_aper().hex()
            rows.append({'code':row['procedureCode'],'outcome':outcome,'name':name,'hex':h,'value':canon(mo,v)})
        except Exception as ex:
            fails+=1
            if fails<15: print(row['procedureCode'],outcome,repr(ex)[:300],file=sys.stderr)
json.dump(rows,open(out,'w'))
print(proto,len(rows),'messages',fails,'failed; IE kinds',len(cover),'max len',max(len(r['hex'])//2 for r in rows),file=sys.stderr)
