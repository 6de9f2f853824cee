#!/usr/bin/env python3
"""Second verifier of Tapproof bundles, after docs/bundle-format.md: the checks of L1 (integrity) and L2 (arithmetic).
    verify.py BUNDLE... [--key FILE | --any-signer] [--checkpoint FILE] [--witness FILE]... [--party FILE]... [--json]
Needs the standard library alone. Codes are those of `tapproof verify`. L3 is not checked here, and the output says so. Several bundles: one verdict
after the other (with --json one line each). Exit 0: what was checked holds; 1: something does not, the signer is unknown, or a
check that was asked for could not be made; 2: no bundle.
"""
import argparse, base64, datetime, functools, hashlib, itertools, json, math, pathlib, re, sys
MAGIC, GRADES, LIMIT = "tapproof/bundle/1", ["indication", "corroborated", "proven"], {"head": 2**26, "parts": 500_000, "signatures": 100, "proof": 63, "entries": 65536, "facts": 256,
    "witnesses": 64, "seals": 16, "parties": 16, "records": 100_000, "leaves": 65536, "openings": 10_000, "challenges": 1000, "terms": 1_000_000}
# Shapes of records are data, not program: the letters are explained there.
DATA = json.loads(pathlib.Path(__file__).resolve().with_name("records.json").read_text(encoding="utf-8"))
SHAPES, CLAIMS = DATA["types"], DATA["claims"]
UNPROVEN, ALONE = ("ghost-tunnel", "undeclared-peer", "unreasoned-query", "covert-channel"), ("weakened-protection", "unwarranted-interception")  # ALONE: without a declaration
# The kinds of records.json as patterns; lengths of texts are bounded below, in UTF-16 units as on the page.
SPELLED = {
    "h": r"[0-9a-f]{64}", "k": r"[0-9a-f]{32}", "c": r"[A-Za-z0-9+/]{43}=", "a": r"[A-Za-z0-9+/]*={0,2}", "w": r"[a-z0-9][a-z0-9-]{0,63}", "q": r"[a-z0-9][a-z0-9.-]{0,63}",
    "s": r"s:[A-Za-z0-9_-]{16}", "t": r"[^\x00-\x1f\x7f-\x9f]*", "m": r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*", "f": r"(?!\.{1,2}\Z)[^/\\:\x00-\x1f\x7f-\x9f]+",
    "p": r"s:[A-Za-z0-9_-]{16}|[0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9a-f]{0,4}(:[0-9a-f.]{0,15}){2,8}",
    "z": r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.[0-9]{9}Z",
}
PLAIN, LONGEST = {"b": bool, "n": int, "i": int}, {"t": 16384, "m": 2**20, "a": 2**20, "f": 255}
def spelled(value, kind):
    found = isinstance(value, str) and len(value.encode("utf-16-le", "surrogatepass")) // 2 <= LONGEST.get(kind, 128) and re.fullmatch(SPELLED[kind], value)
    if not found or kind != "z": return bool(found)
    try: return bool(datetime.datetime(*map(int, found.groups())))
    except ValueError: return False
def sound(value):
    """Whatever an object holds that other pages describe: its texts are texts, its lists are bounded."""
    if isinstance(value, str): return spelled(value, "m")
    if isinstance(value, list): return len(value) <= LIMIT["entries"] and all(map(sound, value))
    return not isinstance(value, dict) or all(spelled(name, "t") and sound(member) for name, member in value.items())
def fits(value, shape):
    if isinstance(shape, str) and shape[-1] == "?" or (isinstance(shape, dict) and "or null" in shape):
        return value is None or fits(value, shape["or null"] if isinstance(shape, dict) else shape[:-1])
    if isinstance(shape, list): return isinstance(value, list) and len(value) <= LIMIT["entries"] and all(fits(v, shape[0]) for v in value)
    if isinstance(shape, dict):  # "+": may be left out
        known = {name.lstrip("+"): (name[0] == "+", of) for name, of in shape.items()}
        return isinstance(value, dict) and set(value) <= set(known) and all(
            fits(value[name], of) if name in value else left_out for name, (left_out, of) in known.items())
    if shape in PLAIN: return isinstance(value, PLAIN[shape]) and (shape == "b" or not isinstance(value, bool)) and (shape != "n" or value >= 0)
    if shape == "o": return isinstance(value, dict) and sound(value)
    if shape == "d": return isinstance(value, dict) and len(value) <= LIMIT["facts"] and all(
        re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]{0,63}", name) and (isinstance(fact, (bool, int)) or spelled(fact, "t")) for name, fact in value.items())
    return spelled(value, shape) if shape in SPELLED else isinstance(value, str) and value in shape.split("|")
def is_record(record, kind):
    """Records of the log and the report name their schema beside their members; `policy` has none."""
    shape = {"schema": "tapproof/record/1", **SHAPES[kind], "type": kind}
    return fits(record, {name: of for name, of in shape.items() if of is not None})
class Stop(Exception): """Ends a check: (status, detail, part)."""
def need(holds, detail, part=None, status="failed"):
    if not holds: raise Stop(status, detail, part)
def sha(octets): return hashlib.sha256(octets).digest()
def unbase64(text, part):
    octets = base64.b64decode(text) if len(text) % 4 == 0 and re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", text) else b""
    need(base64.b64encode(octets).decode() == text, "holds base64 that does not re-encode identically", part)
    return octets
def canonical(value, part, depth=0):
    """RFC 8785 for whole numbers, strings, booleans, null, lists and maps; ASCII control characters as json.dumps writes them."""
    need(depth <= 64, "is nested too deep", part)
    if value is None or isinstance(value, (bool, str)) or (isinstance(value, int) and abs(value) < 2**53): return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list): return "[" + ",".join(canonical(v, part, depth + 1) for v in value) + "]"
    need(isinstance(value, dict), "holds a number that is not a whole one below 2^53", part)
    names = sorted(value, key=lambda n: n.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(canonical(n, part) + ":" + canonical(value[n], part, depth + 1) for n in names) + "}"
def parse_canonical(octets, part):
    try:
        value = json.loads(octets.decode("utf-8"))
        need(canonical(value, part).encode("utf-8") == octets, "is not canonical JSON", part)
        return value
    except (ValueError, RecursionError): raise Stop("failed", "is not canonical JSON", part) from None
P, Q, D = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493, -121665 * pow(121666, -1, 2**255 - 19) % (2**255 - 19)
def edwards_add(a, b):
    """RFC 8032 §5.1.4, extended coordinates."""
    x, y, c, d = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P, 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = y - x, d - c, d + c, y + x
    return e * f % P, g * h % P, f * g % P, e * h % P
def edwards_point(octets):
    """RFC 8032 §5.1.3; None where there is no such point."""
    y = int.from_bytes(octets, "little")
    sign, y = y >> 255, y % 2**255 % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P: x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign): return None
    x = P - x if x % 2 != sign else x
    return x, y, 1, x * y % P
def edwards_times(number, point):
    total = (0, 1, 1, 0)
    for bit in bin(number)[2:]:
        total = edwards_add(total, total)
        if bit == "1": total = edwards_add(total, point)
    return total
BASE = edwards_point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
@functools.lru_cache(maxsize=4096)
def ed25519(public_key, signature, message):
    """RFC 8032 §5.1.7 without the cofactor, as OpenSSL has it: the octets of R are compared."""
    point, number = edwards_point(public_key), int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or point is None or number >= Q: return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % Q
    x, y, z, _ = edwards_add(edwards_times(number, BASE), edwards_times(k, (P - point[0], point[1], 1, P - point[3])))
    x, y = x * pow(z, -1, P) % P, y * pow(z, -1, P) % P
    return (y + (x % 2 << 255)).to_bytes(32, "little") == signature[:32]
# y of the points whose order divides 8: with such a key anybody can sign.
SMALL_ORDER = {bytes(32), b"\x01" + bytes(31), *(bytes.fromhex(h) for h in (
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")),
    *(bytes([first]) + b"\xff" * 30 + b"\x7f" for first in (0xEC, 0xED, 0xEE))}
def parse_key(text, part):
    match = re.fullmatch(r"([^\s+\ufeff\x00-\x1f\x7f-\x9f]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)\n?", text)
    octets = unbase64(match[3], part) if match else b""
    need(len(octets) == 33 and octets[0] in (1, 4), "is not an Ed25519 verifier key", part)  # 1 signs, 4 cosigns
    need(octets[1:32] + bytes([octets[32] & 127]) not in SMALL_ORDER, "is a key of small order: anybody can sign with it", part)
    need(sha(match[1].encode() + b"\n" + octets)[:4].hex() == match[2], "its key hash is wrong", part)
    return {"name": match[1], "hash": bytes.fromhex(match[2]), "public": octets[1:], "kind": octets[0], "text": text.rstrip("\n")}
def parse_note(octets, part):
    text = octets.decode("utf-8")
    head, gap, tail = text.rpartition("\n\n")
    need(gap and head and tail.endswith("\n") and not re.search(r"[\x00-\x09\x0b-\x1f]", text), "is not a signed note", part)
    lines = [re.fullmatch(r"— ([^\s+\ufeff\x7f-\x9f]+) ([A-Za-z0-9+/=]+)", line) for line in tail[:-1].split("\n")]
    signatures = [(m[1], unbase64(m[2], part)) for m in lines if m]
    sound = all(lines) and len(lines) <= LIMIT["signatures"] and all(len(s) > 4 for _, s in signatures) and head[0] != "\n"
    need(sound, "has a malformed signature line, or too many", part)
    return head + "\n", signatures
def signed_by(note, key):
    own = [s for name, s in note[1] if name == key["name"] and s[:4] == key["hash"]]
    return len(own) == 1 and key["kind"] == 1 and len(own[0]) == 68 and ed25519(key["public"], own[0][4:], note[0].encode())
def cosigned_at(note, key):
    """C2SP tlog-cosignature: the earliest second at which the witness says that it saw this; None where it did not cosign."""
    times = []
    for octets in (s for name, s in note[1] if key["kind"] == 4 and name == key["name"] and len(s) == 76 and s[:4] == key["hash"]):
        time = int.from_bytes(octets[4:12], "big")
        if time <= 253_402_300_799 and ed25519(key["public"], octets[12:], f"cosignature/v1\ntime {time}\n{note[0]}".encode()): times.append(time)
    return min(times, default=None)
def parse_policy(text, part):
    """C2SP tlog-policy: witnesses by name, groups in their order, the name of the quorum or None."""
    witnesses, groups, quorum, none = {}, {}, [], "has a malformed policy"
    need(len(text.encode("utf-16-le", "surrogatepass")) // 2 <= 65536, none, part)
    for line in text.split("\n"):
        words = [w for w in re.split(r"[ \t]+", line) if w]
        need(len(witnesses) <= LIMIT["witnesses"] and len(groups) <= LIMIT["witnesses"], none, part)
        if not words or words[0].startswith("#") or words[0] == "log": continue
        word, name, more, known = words[0], (words + [""])[1], words[2:], {**witnesses, **groups}
        if word == "witness" and name not in known: witnesses[name] = parse_key((more + [""])[0], part)
        elif word == "group" and name not in known:
            rule, members = (more + [""])[0], more[1:]
            threshold = len(members) if rule == "all" else 1 if rule == "any" else int(rule) if re.fullmatch("[0-9]{1,9}", rule) else 0
            need(1 <= threshold <= len(members) and all(m in known for m in members) and len(set(members)) == len(members), none, part)
            groups[name] = (threshold, members)
        elif word == "quorum" and not quorum and (name == "none" or name in known): quorum = [None if name == "none" else name]
        else: need(False, none, part)
    need(quorum, none, part)
    need(len({k["public"] for k in witnesses.values()}) == len(witnesses), "has a policy in which one key is two witnesses", part)
    return witnesses, groups, quorum[0]
def parse_checkpoint(octets, part):
    note = parse_note(octets, part)
    lines = note[0][:-1].split("\n")
    root = unbase64(lines[2] if len(lines) > 2 else "", part)
    need(len(root) == 32 and "" not in lines and re.fullmatch(r"0|[1-9][0-9]{0,14}", lines[1]), "is not a checkpoint", part)
    return {"note": note, "origin": lines[0], "size": int(lines[1]), "root": root}
def root_of(leaves):
    """RFC 6962 §2.1, from leaf hashes; a node without a sibling moves up."""
    level = list(leaves)
    while len(level) > 1:
        level = [sha(b"\x01" + b"".join(p)) if len(p) == 2 else p[0] for p in (level[i : i + 2] for i in range(0, len(level), 2))]
    return level[0] if level else sha(b"")
def included(leaf, index, size, proof, root):
    """RFC 9162 §2.1.3.2."""
    node, last = index, size - 1
    for sibling in proof:
        need(last > 0, "has a proof that is too long")
        right = node % 2 or node == last
        leaf = sha(b"\x01" + (sibling + leaf if right else leaf + sibling))
        while right and node % 2 == 0 and node: node, last = node // 2, last // 2
        node, last = node // 2, last // 2
    return index < size and last == 0 and leaf == root
class Bundle:
    def __init__(self, octets, key, earlier, told=None):
        self.told, self.said, self.attested, self.borne, self.terms = told or {}, "", [], {}, 0
        self.octets, self.key, self.earlier, self.files, self.logged, self.by_hash, self.by_type, self.listed = octets, key, earlier, {}, [], {}, {}, None
    def part(self, name):
        need(name in self.files, "is missing", name)
        return self.files[name][0]
    def of(self, kind): return self.by_type.get(kind, [])
    def has(self, sha256): return sha256 in self.by_hash
    def named(self, sha256, kind, by):
        found = self.by_hash.get(sha256)
        need(found and found["type"] == kind, f"names a {kind} record that is not in the bundle", by["part"])
        return found
    def form(self):
        lines = self.octets.split(b"\n", 4)
        need(len(lines) == 5 and lines[0] == MAGIC.encode() and lines[2] == b"" and len(lines[1]) < LIMIT["head"], "its first four lines are malformed", "head")
        self.note, at = parse_note(b"\n".join(lines[:4]) + b"\n", "head"), len(self.octets) - len(lines[4])
        manifest = parse_canonical(lines[1], "head")
        listed = isinstance(manifest, dict) and set(manifest) == {"format", "parts"} and manifest["format"] == MAGIC and isinstance(manifest["parts"], list)
        listed = listed and len(self.note[1]) == 1 and len(manifest["parts"]) <= LIMIT["parts"]
        need(listed, "its second line is not a list of parts", "head")
        for p in manifest["parts"]:
            sound = fits(p, {"bytes": "n", "name": "t", "sha256": "h"}) and re.fullmatch(r"[a-z0-9][a-z0-9./-]{0,127}", p["name"])
            need(sound, "its list of parts has a malformed entry", "head")
            name, size = p["name"], p["bytes"]
            need(name not in self.files, "is listed twice", name)
            need(size <= len(self.octets) - at, "is missing or cut", name)
            self.files[name], at = (self.octets[at : at + size], p["sha256"]), at + size
        need(at == len(self.octets), "octets follow the last part", "end of file")
    def parts(self):
        for name, (octets, sha256) in self.files.items(): need(sha(octets).hex() == sha256, "is not what was signed", name)
    def signature(self):
        self.signer = parse_key(self.part("signer.vkey").decode("utf-8"), "signer.vkey")
        need(self.part("signer.vkey").endswith(b"\n"), "does not end with a line feed", "signer.vkey")
        need(signed_by(self.note, self.signer), "its signature does not hold", "head")
    def origin(self):
        need(self.key, "no key was given", None, "not checked")
        need(parse_key(self.key, "the key given")["text"] == self.signer["text"], "signed by another key", "signer.vkey")
    def names(self):
        have, wanted = list(self.files), ["signer.vkey", "log/checkpoint", *(n for n in ("log/witnessed", "log/leaves") if n in self.files)]
        for place in sorted(int(n[8:-5]) for n in have if re.fullmatch(r"records/[0-9]{8,15}\.json", n)):
            wanted += [f"records/{place:08}.json", f"proofs/{place:08}.tlog-proof"]
        for folder in ("carved", "carved-full"): wanted += sorted(n for n in have if re.fullmatch(folder + r"/[0-9a-f]{64}\.pcapng", n))
        wrong = [b if b and b not in self.files else a or b for a, b in itertools.zip_longest(have, wanted) if a != b]
        need(not wrong, "is missing, unknown, or not in its place", wrong and wrong[0])
    def checkpoint(self):
        self.top = parse_checkpoint(self.part("log/checkpoint"), "log/checkpoint")
        need(signed_by(self.top["note"], self.signer), "is not signed by the signer", "log/checkpoint")
    def tree(self):
        need("log/leaves" not in self.files or self.top["size"] <= LIMIT["leaves"], "is too long for a bundle", "log/leaves")
        need("log/leaves" in self.files or self.top["size"] <= LIMIT["leaves"], "the log is too long for its leaves to be here", None, "not checked")
        leaves = [self.part("log/leaves")[i : i + 32] for i in range(0, len(self.part("log/leaves")), 32)]
        whole = len(self.part("log/leaves")) == 32 * self.top["size"] and root_of(leaves) == self.top["root"]
        self.listed = need(whole, "does not give the root", "log/leaves") or leaves
    def records(self):
        for name, (octets, sha256) in ((n, part) for n, part in self.files.items() if n.startswith("records/")):
            need(len(self.logged) < LIMIT["records"], "is beyond the records that are read", name)
            record = parse_canonical(octets, name)
            kind = record.get("type")
            ours = isinstance(kind, str) and kind in SHAPES and is_record(record, kind)
            need(ours, "is not a record that a bundle may hold", name)
            self.by_hash[sha256] = entry = {"index": int(name[8:-5]), "type": kind, "sha256": sha256, "part": name, "record": record}
            for entries in (self.logged, self.by_type.setdefault(kind, [])): entries.append(entry)
    def inclusion(self):
        for r in self.logged:
            name = f"proofs/{r['index']:08}.tlog-proof"
            head, _, checkpoint = self.part(name).decode("utf-8").partition("\n\n")
            lines = head.split("\n")
            sound = lines[0] == "c2sp.org/tlog-proof@v1" and lines[1].startswith("extra ") and lines[2] == f"index {r['index']}"
            need(sound, "is not a proof for this place in the log", name)
            need(checkpoint.encode() == self.part("log/checkpoint"), "is a proof under another checkpoint", name)
            octets = unbase64(lines[1][6:], name)
            leaf = parse_canonical(octets, name)
            need(fits(leaf, {"nonce": "k", "record": r["sha256"], "type": r["type"]}), "is malformed, or the leaf of another record", name)
            hashes, leaf_hash = [unbase64(line, name) for line in lines[3:]], sha(b"\x00" + octets)
            need(len(hashes) <= LIMIT["proof"] and all(len(h) == 32 for h in hashes), "holds what is not a hash", name)
            need(included(leaf_hash, r["index"], self.top["size"], hashes, self.top["root"]), "does not lead to the root", name)
            need(self.listed is None or self.listed[r["index"]] == leaf_hash, "is not the leaf that is listed", name)
    def policy(self):
        first = self.logged[0]
        need((first["index"], first["type"]) == (0, "origin"), "is missing: the log's first leaf", "records/00000000.json")
        need((first["record"].get("origin"), first["record"].get("key")) == (self.top["origin"], self.signer["text"]), "names another origin or key than the checkpoint", first["part"])
    def references(self):
        used, previous, once = set(), None, set()
        need(self.of("coverage"), "is missing: no coverage record", "records")
        for n, run in enumerate(self.of("coverage")):
            record = run["record"]
            need((record["sequence"], record["previous"]) == (n, previous), "is not the next coverage record", run["part"])
            wanted = [(c, "capture") for c in record["captures"]] + [(record[k], k) for k in ("declaration", "register", "settings")]
            wanted += [(record["tapMap"], "tap-map")] + [(h, "print-keys") for h in [record["printKeys"]] if self.has(h)]
            used |= {self.named(h, kind, run)["sha256"] for h, kind in wanted}
            need(len({e["id"] for e in record["findings"]}) == len(record["findings"]), "lists a finding twice", run["part"])
            for entry in (e for e in record["findings"] if self.has(e["record"])):
                finding = self.named(entry["record"], "finding", run)
                own = [finding, *(self.named(finding["record"][k], k, finding) for k in ("match", "carved"))]
                for r in own: need(r["record"].get("finding", r["record"].get("id")) == entry["id"], "belongs to another finding", r["part"])
                used |= {r["sha256"] for r in own}
            previous = run["sha256"]
        ids = {f["record"]["id"] for f in self.of("finding")}
        for r in self.logged:
            if r["type"] in ("opening", "challenge", "carved-full"): need(r["record"]["finding"] in ids, "belongs to no finding here", r["part"])
            elif "schema" not in SHAPES[r["type"]] and r["type"] != "coverage":
                need(r["sha256"] in used and r["sha256"] not in once, "is named by no other record, or is here already", r["part"])
                once.add(r["sha256"])
    def completeness(self):
        absent = any(not self.has(e["record"]) for run in self.of("coverage") for e in run["record"]["findings"])
        need(not absent, "a selection of the findings", None, "not checked")
    def witnesses(self):
        part, given = "log/witnessed", {}
        for key in (parse_key(text, "the witness's key") for text in self.told.get("witness", [])): given[key["public"]] = key
        need(part in self.files or not given, "is missing: no witness has cosigned a head of this log", part)
        need(part in self.files, "pending: no quorum of witnesses has cosigned", None, "not checked")
        head = parse_checkpoint(self.part(part), part)
        ours = head["origin"] == self.top["origin"] and head["size"] <= self.top["size"] and signed_by(head["note"], self.signer)
        need(ours, "is a head of another log, or not signed by the signer", part)
        need(self.listed is not None, "the log is too long for its leaves to be here", None, "unmet" if given else "not checked")
        need(root_of(self.listed[: head["size"]]) == head["root"], "is a head of another log", part)
        need(len(self.of("policy")) <= 16, "holds more than 16 policies", "records")
        policy = ({}, {}, None)
        for r in (r for r in self.logged if r["type"] in ("origin", "policy")):
            if policy[2] is None: policy = parse_policy(r["record"]["policy"], r["part"])
        newest = max((r["record"]["to"] for r in self.of("coverage") if r["index"] < head["size"] and r["record"]["to"]), default=None)
        since = (datetime.datetime.fromisoformat(newest[:19]) - datetime.datetime(1970, 1, 1)) // datetime.timedelta(seconds=1) if newest else 0
        def seen(key):
            need(key["public"] != self.signer["public"], "is cosigned by the signer's own key, which is not a witness", part)
            time = cosigned_at(head["note"], key)
            need(time is None or time + 60 >= since, "is cosigned before the newest frame that it is to witness", part)
            return time
        times = {name: time for name, time in ((name, seen(key)) for name, key in policy[0].items()) if time is not None}
        for key in given.values(): need(seen(key) is not None, f"is not cosigned by {key['text']}", part)
        known = [key["text"] for name, key in policy[0].items() if name in times and key["public"] not in given]
        for name, (threshold, members) in policy[1].items():
            reached = sorted(times[m] for m in members if m in times)
            if len(reached) >= threshold: times[name] = reached[threshold - 1]
        need(given or policy[2] in times, "lacks the quorum of the log's policy", part)
        self.said = "witnessed by: " + ", ".join(k["text"] for k in given.values()) if given else "by keys that only the log's own policy names: " + ", ".join(known)
    def rollback(self):
        need(self.earlier, "could not check rollback: no earlier checkpoint was given", None, "not checked")
        old = parse_checkpoint(self.earlier, "the checkpoint given")
        need(old["origin"] == self.top["origin"] and signed_by(old["note"], self.signer), "is of another log", "the checkpoint given")
        need(old["size"] <= self.top["size"], "rolled back", "log/checkpoint")
        now = self.top["root"] if old["size"] == self.top["size"] else self.listed is not None and root_of(self.listed[: old["size"]])
        need(now, "could not check rollback: the log is too long", None, "unmet")
        need(now == old["root"], "forked", "log/checkpoint" if old["size"] == self.top["size"] else "log/leaves")
    # --- L2: each is called with every record of its type
    def finding_ids(self, f, r):
        receiver, e = r["receiver"] or {}, r["element"]
        need(not (e["address"] or "").startswith("s:"), "names a pseudonym as the element", f["part"])
        names = [n for n in (receiver.get("name"), receiver.get("identity")) if n is not None]
        to, who = names[0] if names else receiver.get("address"), e["address"] if e["name"] is None else e["name"]
        # A pseudonym stands for the subscriber's address that the id was made of; names are never masked.
        masked = any(named is None and re.fullmatch(r"s:[A-Za-z0-9_-]{16}", a or "") for a, named in ((to, names or None),))
        text = canonical(["tapproof/findings/1", r["claim"], r["network"], who, to], f["part"])
        need(masked or sha(text.encode()).hex() == r["id"], "its id is not the hash of its assertion", f["part"])
        return masked
    def bits(self, f, r):
        table = self.named(r["match"], "match", f)["record"]["table"]
        need(r["chance"] in (None, f"2^-{min(r['bits'], 128)}"), "its chance does not go with its bits", f["part"])
        most = 40 if "covert-copy" in [r["claim"], *(w["claim"] for w in r["witnesses"])] else 0
        bare = r["bits"] <= most and (r["claim"], r["grade"]) != ("covert-copy", "proven")
        need(table or bare, "is proven, or states more bits than it may, without a match table", f["part"])
        plain = [c["plain"] for c in (flow["credits"] for flow in table["subscriber"]["flows"]) if c["plain"]] if table else []
        self.terms += sum(p["holding"] + 1 for p in plain if p["holding"] < p["others"] and p["holding"] <= 1000)
        need(self.terms <= LIMIT["terms"], "asks for more sums than any finding needs", f["part"])
        exact = score(table)[0] if table else r["bits"]
        need(r["bits"] <= exact + 1e-6 and r["bits"] + 1 > exact - 1e-6, f"claims {r['bits']} bits, its table gives {exact}", f["part"])
    def grades(self, run, record):
        declared = self.named(record["declaration"], "declaration", run)["record"]["given"]
        for f in (self.named(e["record"], "finding", run) for e in record["findings"] if self.has(e["record"])):
            need(GRADES.index(f["record"]["grade"]) <= allowed(f["record"], declared), "is graded higher than its record allows", f["part"])
    def standing(self, run, record):
        for f in (self.named(e["record"], "finding", run) for e in record["findings"] if self.has(e["record"])):
            if f["record"]["standing"] == "given": continue
            seals = self.of("seal")
            need(seals, "is called attested, and no seal is here", f["part"])
            need(len(seals) <= LIMIT["seals"], "is one of too many seals", seals[-1]["part"])
            signed, whys = None, []
            for seal in seals:
                if (seal["part"], run["part"]) not in self.borne:
                    try: self.borne[seal["part"], run["part"]] = self.seal(run, record, seal)
                    except Stop as stop: self.borne[seal["part"], run["part"]] = stop.args[1]
                verdict = self.borne[seal["part"], run["part"]]
                if isinstance(verdict, str): whys.append(verdict)
                else: signed = signed or verdict
            need(signed, "is called attested, and its seal does not bear it out: " + "; ".join(whys), f["part"])
            told = {parse_key(text, "the party's key")["public"] for text in self.told.get("party", [])}
            self.attested.append([f"{role} {key['text']}" for role, _, key in signed if role != "operator" and key["public"] not in told])
    def seal(self, run, record, seal):
        """Who signed: [(role, side, key)]; all that the seal names must have."""
        r, part, sure = seal["record"], seal["part"], lambda holds, why: need(holds, why, seal["part"])
        sure(r["standing"] == "attested", "the seal record itself claims less")
        note = parse_note(r["note"].encode(), part)
        sure(note[0].startswith("tapproof/seal/1\n"), "it is not a seal")
        body = parse_canonical(note[0][16:-1].encode(), part)
        sure(isinstance(body, dict) and sorted(body) == ["annexes", "at", "declaration", "network", "parties", "points"], "it is not a seal")
        parties = [p for p in body["parties"] if isinstance(p, dict)] if isinstance(body["parties"], list) else []
        sure(len(parties) <= LIMIT["parties"], "it names too many parties")
        signed = []
        for p in parties:
            key = parse_key(p["key"] if isinstance(p.get("key"), str) else "", part)
            sure(signed_by(note, key), f"{key['text']} did not sign it")
            signed.append((p.get("role"), p.get("side"), key))
        sure(signed and len({key["public"] for _, _, key in signed}) == len(signed), "one key stands for two parties")
        for role in ("operator", "installer"): sure(any(p[0] == role for p in signed), f"the {role} did not sign it")
        others = [key for role, side, key in signed if role == "third-party" and side != "accuser" and key["public"] != self.signer["public"]]
        sure(others, "no independent party signed it")
        declared = self.named(record["declaration"], "declaration", run)["record"]
        sure(declared["sha256"] == body["declaration"], "it seals another declaration")
        points = (declared["declaration"] or {}).get("points")
        sure(isinstance(points, list) and sha(canonical(points, part).encode()).hex() == body["points"], "it seals another tap map")
        at = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})Z", body["at"]) if isinstance(body["at"], str) else None
        sure(at and spelled(f"{at[1]}.000000000Z", "z") and record["from"] and f"{at[1]}.000" < record["from"][:23], "it is not older than the first frame")
        check = r["selfCheck"] or {}
        sure(check.get("contradictions") == [], "the traffic contradicts the tap map")
        watched = check.get("points")
        sure(watched and isinstance(watched, list) and all(isinstance(p, dict) and isinstance(p.get("declared"), dict) for p in watched), "frames came from points that the tap map does not name")
        return signed
    def evidence(self, run, record):
        caps = {c["sha256"]: c["packets"] for c in (self.named(h, "capture", run)["record"] for h in record["captures"])}
        holds = lambda *places: all(1 <= place["frame"] <= caps.get(place["capture"], 0) for place in places)
        declared = self.named(record["declaration"], "declaration", run)["record"]["declaration"] or {}
        lists = [declared[name] for name in ("functions", "hosts") if isinstance(declared.get(name), list)]
        known = {(e["name"], e.get("vendor")) for entries in lists for e in entries if isinstance(e, dict) and all(isinstance(e.get(n), str) for n in ("name", "vendor"))}
        for f in (self.named(e["record"], "finding", run) for e in record["findings"] if self.has(e["record"])):
            r, part, match, cut = f["record"], f["part"], self.named(f["record"]["match"], "match", f), self.named(f["record"]["carved"], "carved", f)
            for e in (e for source in [r, *r["witnesses"]] for e in source["evidence"]):
                there = e["frames"] == sorted(set(e["frames"])) and holds(*({"capture": e["capture"], "frame": n} for n in e["frames"]))
                need(there and 0 < len(e["frames"]) <= e["framesTotal"] <= caps[e["capture"]], "lists frames that are not there", part)
            need(within(r["first"], r["last"], record["from"] or "", record["to"] or ""), "lies outside the time that was watched", part)
            paired = all(holds(p["copy"], p["original"]) and p["copy"] != p["original"] for p in match["record"]["pairs"])
            need(paired, "pairs frames that are not there, or one with itself", match["part"])
            need(holds(*cut["record"]["frames"]), "lists frames that are not there", cut["part"])
            owned = r["element"]["vendor"] is None or (r["element"]["name"], r["element"]["vendor"]) in known
            need(owned, "names a vendor that is not declared", part)
    def declaration(self, d, r):
        given, inner, sha256 = r["given"], r["declaration"], r["sha256"]
        need(given == (inner is not None) == (sha256 is not None), "contradicts itself", d["part"])
        need(not given or sha(canonical(inner, d["part"]).encode()).hex() == sha256, "is not what its hash says", d["part"])
    def coverage(self, run, r):
        sure = lambda holds, why: need(holds, why, run["part"])
        captures = [self.named(c, "capture", run)["record"] for c in r["captures"]]
        for name in ("packets", "bytes", "truncated", "malformed"): sure(sum(c[name] for c in captures) == r[name], f"its {name} are not its captures' sum")
        sure(len({c["sha256"] for c in captures}) == len(captures), "counts a capture twice")
        sure(r["from"] == min((c["first"] for c in captures if c["first"]), default=None), "does not begin with its first frame")
        sure(r["to"] == max((c["last"] for c in captures if c["last"]), default=None), "does not end with its last frame")
        for c in captures:
            sure((c["first"] is None) == (c["last"] is None) == (c["packets"] == 0) and (c["first"] or "") <= (c["last"] or ""), "has a capture whose times cannot be")
        points, named = self.named(r["tapMap"], "tap-map", run)["record"]["points"], {c["sha256"]: set(c["points"]) for c in captures}
        sure(all(p["name"] in named.get(p["capture"], []) for p in points), "has a tap map with a point that none of its captures has")
        there = {(p["capture"], p["name"]) for p in points}
        sure(all((c["sha256"], name) in there for c in captures if c["packets"] for name in c["points"]), "has a point that its tap map leaves out")
        counted = lambda kind: sum(g["count"] for g in r["gaps"] if g["kind"] == kind)
        for name in ("drops", "undecoded"): sure(r[name] == counted(name), f"counts other {name} than its gaps")
        sure(sum(e["count"] for e in r["encrypted"]) == counted("encrypted"), "counts other encrypted content than its gaps")
        names = {p["name"] for p in points} | {c["file"] for c in captures}
        for g in r["gaps"]:
            sure(g["point"] is None or g["point"] in names, "has a gap at a point that it has not")
            sure(None in (g["from"], g["to"]) or g["from"] <= g["to"], "has a gap that ends before it begins")
        register = self.named(r["register"], "register", run)["record"]
        sure(sum(register["scopes"].values()) == register["warrants"], "has a register whose scopes are not its warrants")
        sure(register["given"] == (register["keyedHash"] is not None) and (register["given"] or not register["warrants"]), "has a register that contradicts itself")
    def counts(self, run, record):
        for f in (self.named(e["record"], "finding", run) for e in record["findings"] if self.has(e["record"])):
            r, part = f["record"], f["part"]
            subscribers, identities, lists = r["subscribers"], r["identities"], [source["evidence"] for source in (r, *r["witnesses"])]
            need(subscribers["count"] == len(subscribers["pseudonyms"]) == len(subscribers["commitments"]), "counts other subscribers than it lists", part)
            need(subscribers["pseudonyms"] == sorted(set(subscribers["pseudonyms"])), "lists subscribers twice, or not in their order", part)
            need(identities["count"] == len(identities["commitments"]) and (subscribers["count"] or not identities["count"]), "counts other identities than it has", part)
            most = record["bytes" if {"tcp", "sctp"} & set(r["transport"]["layers"]) else "packets"]
            need(r["packets"] <= most and r["bytes"] <= r["packets"] * 65575, "has more packets or octets than can be", part)
            need(((r["receiver"] or {}).get("port") or 0) <= 65535, "names a port that there is not", part)
            for listed in lists:
                need(listed and len({e["capture"] for e in listed}) == len(listed), "rests on no frame, or lists a capture twice", part)
                need(all(len(e["frames"]) <= 1000 for e in listed), "lists more than 1,000 frames of a capture", part)
            cut, match = self.named(r["carved"], "carved", f), self.named(r["match"], "match", f)
            need(cut["record"]["framesTotal"] == sum(e["framesTotal"] for e in r["evidence"]), "counts other frames than its finding", cut["part"])
            roles, own = {(p["capture"], p["frame"]): p["role"] for p in cut["record"]["frames"]}, {(e["capture"], n) for e in r["evidence"] for n in e["frames"]}
            need(len(roles) == len(cut["record"]["frames"]), "has a frame twice", cut["part"])
            need(all(role != "evidence" or place in own for place, role in roles.items()), "has a frame as evidence that its finding does not list", cut["part"])
            pairs = [tuple((p[side]["capture"], p[side]["frame"]) for side in ("copy", "original")) for p in match["record"]["pairs"]]
            need(len(pairs) + match["record"]["pairsLeftOut"] <= (64 if copies(r) else 0), "has more pairs than a finding of its kind can have", match["part"])
            need(len(set(pairs)) == len(pairs), "has a pair twice", match["part"])
            need(all(roles.get(place) in ("copy", "original") for pair in pairs for place in pair), "has a pair whose frames were not carved", match["part"])
            need(all(p["octets"] <= 2048 for p in match["record"]["pairs"]), "has a pair of more octets than are compared", match["part"])
    def claims(self, f, r):
        told, known = [e["explanation"] for e in r["ruledOut"]], CLAIMS[r["claim"]]
        need(len(set(told)) == len(told) and set(told) <= {*known["always"], *known.get("also", [])}, "has explanations that are not tested of its claim", f["part"])
        need(set(known["always"]) <= set(told), "leaves out an explanation that is always tested", f["part"])
        need(len(set(r["data"])) == len(r["data"]) and set(known.get("data", [])) <= set(r["data"]), "names other data than its claim has", f["part"])
        for w in r["witnesses"]:
            later = list(CLAIMS).index(w["claim"]) > list(CLAIMS).index(r["claim"]) and w["claim"] != "weakened-protection"
            need(later, "has a witness that its claim cannot have", f["part"])
    def arithmetic(self, f, r):
        match = self.named(r["match"], "match", f)
        stated, table, part = [(s["code"], s["microbits"]) for s in match["record"]["arithmetic"]], match["record"]["table"], match["part"]
        if not copies(r): return [need(not stated and not table, "has steps of an arithmetic that its claim does not have", part)][:0]
        if stated[-1:] == [("sampling", 0)]: stated = stated[:-1]
        steps = score(table)[1] if table else rhythm(stated, r, part)
        steps = [*steps, ("score", r["bits"])]
        same = [c for c, _ in steps] == [c for c, _ in stated] and all(abs(m - bits * 1e6) <= 10 for (_, m), (_, bits) in zip(stated, steps))
        need(same, "its steps are not those of its match table, or do not lead to its score", part)
    def dates(self):
        captures, newest, dated = {c["record"]["sha256"]: c["record"]["last"] for c in self.of("capture")}, "", 0
        for r in self.logged:
            if r["type"] == "coverage": newest = max(newest, r["record"]["to"] or "")
            if r["type"] not in ("intake", "reply"): continue
            at = r["record"]["at"]
            need(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z", at), "is dated with what is not a time", r["part"])
            since = (captures.get(r["record"]["capture"]) or "") if r["type"] == "intake" else newest
            need(at[:19] >= since[:19], "is dated before the newest frame that it is about", r["part"])
            dated += 1
        need(dated, "nothing is dated: no intake, hand-over or reply", None, "not checked")
    def pairs(self, m, r):
        equal = all(p["copyCommitment"] == p["originalCommitment"] and p["octets"] >= 16 for p in r["pairs"])
        need(equal, "lists a pair of unequal content", m["part"])
    def carved(self, c, r):
        if c["type"] == "coverage":  # once and more: which files are known, and by which record where several runs carved for one finding
            own = [o for kind in ("carved", "carved-full") for o in self.of(kind) if o["record"]["file"]]
            self.last = {f"{o['type']}/{o['record']['finding']}.pcapng": o["index"] for o in own}
            return [need(not name.startswith("carved") or name in self.last, "belongs to no record", name) for name in self.files][:0]
        name, frames = f"{c['type']}/{r['finding']}.pcapng", r["frames"] if c["type"] == "carved-full" else len(r["frames"])
        need(r["file"] or (r["why"] and not frames), "has no packets and does not say why", c["part"])
        if r["file"] and (c["type"] == "carved-full" or self.last[name] == c["index"]): self.packets(name, r["file"], frames)
    def packets(self, name, file, frames):
        need((len(self.part(name)), sha(self.part(name)).hex()) == (file["bytes"], file["sha256"]), "is not what its record says", name)
        need(count_packets(self.part(name), name) == frames, "holds another number of packets than its record lists", name)
    def openings(self, o, r):
        need(len(self.of("opening")) <= LIMIT["openings"], "is one of too many openings", o["part"])
        found = []
        for f in (f for f in self.of("finding") if f["record"]["id"] == r["finding"]):
            lists = {kind: f["record"][name]["commitments"] for kind, name in (("subscriber", "subscribers"), ("identity", "identities"))}
            lists["frame"] = [x["commitment"] for x in self.named(f["record"]["carved"], "carved", f)["record"]["frames"]]
            found += lists[r["class"]][r["index"] : r["index"] + 1]
        made = commitment(r["class"], unbase64(r["salt"], o["part"]), unbase64(r["content"], o["part"]))
        need(made in found, "opens no commitment of its finding", o["part"])
    def challenges(self, c, r):
        match = self.named(r["match"], "match", c)
        pairs = match["record"]["pairs"]
        need(len(self.of("challenge")) <= LIMIT["challenges"] and len(pairs) <= 64, "is one of too many, or of too many pairs", c["part"])
        need(match["record"]["finding"] == r["finding"] and r["random"] and r["wanted"] and pairs, "asks for nothing, or of another finding", c["part"])
        drawn = picked(match["sha256"], r["random"], r["wanted"], len(pairs))
        need([p["pair"] for p in r["pairs"]] == drawn, "opens other pairs than those picked", c["part"])
        for p in r["pairs"]:
            content = unbase64(p["content"], c["part"])
            need(p["content"] == p["originalContent"] and len(content) == pairs[p["pair"]]["octets"], "opens unequal content", c["part"])
            made = [commitment("payload", unbase64(p[salt], c["part"]), content) for salt in ("copySalt", "originalSalt")]
            stated = [pairs[p["pair"]][side] for side in ("copyCommitment", "originalCommitment")]
            need(made == stated, f"pair {p['pair']} is not what was committed to", c["part"])
def commitment(kind, salt, content): return base64.b64encode(sha(f"tapproof/commitment/1\n{kind}\n".encode() + salt + content)).decode()
def picked(match, random, wanted, pairs):
    seed, places = sha(f"tapproof/challenge/1\n{match}\n{random}\n".encode()), list(range(pairs))
    for i in range(min(wanted, pairs)):
        j = i + int.from_bytes(sha(seed + i.to_bytes(4, "big"))[:6], "big") % (pairs - i)
        places[i], places[j] = places[j], places[i]
    return places[: min(wanted, pairs)]
def count_packets(octets, part):
    """pcapng: one little-endian section, its interfaces, its packets, nothing else."""
    at, count, u32 = 0, {0x0A0D0D0A: 0, 1: 0, 6: 0}, lambda place: int.from_bytes(octets[place : place + 4], "little")
    while at < len(octets) or not at:
        kind, length = u32(at), u32(at + 4)
        sound = 12 <= length <= len(octets) - at and length % 4 == 0 and u32(at + length - 4) == length
        need(sound and kind in count and (kind == 0x0A0D0D0A) == (at == 0), f"has a malformed block at octet {at}", part)
        need(kind != 6 or (length >= 32 and u32(at + 8) < count[1] and 32 + u32(at + 20) <= length), f"has a malformed packet at octet {at}", part)
        count[kind], at = count[kind] + 1, at + length
    return count[6]
def copies(r): return "covert-copy" in [r["claim"], *(w["claim"] for w in r["witnesses"])]
def rhythm(stated, r, part):
    """Bursts that were followed, less the pairs that were tried: rounded down, at most 40."""
    need(len(stated) == 3, "does not have the three steps of rhythm", part)
    bursts, family, tried = stated[0][1] / 1e6, stated[1][1] / 1e6, r["details"].get("pairsTried")
    counted = isinstance(tried, int) and not isinstance(tried, bool)
    exact = -math.log2(max(1, tried)) if counted else min(0, family)
    total = max(0, min(40, bursts + exact))
    need(r["bits"] <= total + 1e-5 and (r["bits"] + 1 > total - 1e-5 or r["bits"] == 40), "its steps do not lead to its score", part)
    return [("bursts", bursts), ("family", exact)]
def score(t):
    """The smaller of the hash bound and the source bound, in bits, not rounded; and the steps to it."""
    log2, s, flows = lambda n: math.log2(max(1, n)), t["subscriber"], t["subscriber"]["flows"]
    log_m, log_b, log_s = sum(log2(n) for n in t["trials"].values()), log2(t["offered"]), log2(s["flowsOffered"])
    k, whole, width = sum(f["matches"] for f in flows), sum(f["whole"] for f in flows), t["printBits"]
    caps = [f["whole"] <= f["matches"] <= f["offered"] and c["sequence"] <= 64 and c["dns"] <= 30 and c["ssrc"] <= 75 for f in flows for c in [f["credits"]]]
    need(all(caps) and len(flows) <= 64 and width <= 64, "its match table is malformed")
    fewer = k <= t["offered"] and len(flows) <= s["flowsOffered"] <= t["trials"]["flows"] and sum(f["offered"] for f in flows) <= s["printsOffered"]
    need(fewer and t["trials"]["carriers"] and t["trials"]["transforms"], "its match table counts more than it has")
    log_a = log2(flows[0]["offered"] if len(flows) == 1 else max(s["printsOffered"], k))
    bound = max(0, k * (width - log_a - log_b) + whole * width + math.lgamma(k + 1) / math.log(2) - log_m) if k else 0
    source, plain, further, steps = -log_m, 0.0, 0.0, [("trials", -log_m)]
    unique = [(c["sequence"] + min(256, c["cipher"]) + min(224, c["random"]) + c["dns"] + c["ssrc"], c["plain"])
              for c in (f["credits"] for f in flows if f["matches"] > 0)]
    for i, (own, background) in enumerate(sorted(unique, key=lambda u: -u[0])):
        choice = log_b + (log_s if i else 0)
        if own > choice:
            source += own - choice
            if i: further += own - choice
            else: steps += [("first-flow", own), ("carrier-tries", -choice)]
        elif background: plain += max(0.0, -math.log2(upper(background["holding"], background["others"])) - log_b - log_s)
    used = min(40.0, plain)
    steps += [("further-flows", further)] * (further > 0) + [("plain-content", used)] * (used > 0)
    source = max(0.0, source + used)
    return min(bound, source), [*steps, ("source-bound", source), ("hash-bound", bound)]
def upper(hits, trials):
    """Clopper-Pearson: the share at which so few hits have a chance of 2^-20."""
    if trials <= 0 or hits >= trials or hits > 1000: return 1.0
    low, high = hits / trials, 1.0
    while low < (p := (low + high) / 2) < high:
        ln, total = trials * math.log1p(-p), 0.0
        for i in range(hits + 1):
            ln += math.log((trials - i + 1) / i) + math.log(p) - math.log1p(-p) if i else 0.0
            total += math.exp(ln)
            if total > 2**-20: break
        low, high = (p, high) if total > 2**-20 else (low, p)
    return high
def within(first, last, start, end):
    """Whether findings' times (microseconds) lie in those of the run (nanoseconds), to the second; a last frame may be rounded up to the next."""
    stamp = lambda t: datetime.datetime.fromisoformat(t[:19])
    return bool(start and end) and first <= last and first[:19] >= start[:19] and (
        last[:19] <= end[:19] or (last.endswith(".000000000Z") and stamp(last) - stamp(end) == datetime.timedelta(seconds=1)))
def allowed(f, declared):
    """The strongest grade that the record bears; a witness brings what its claim can have, and at least that two agree."""
    capped = lambda c: c in UNPROVEN or (c == "covert-copy" and f["bits"] < 64) or not (declared or c in ALONE)
    return max([own_grade(f, declared)] + [1 if capped(w["claim"]) else max(1, GRADES.index(w["grade"])) for w in f["witnesses"]])
def own_grade(f, declared):
    claim, status = f["claim"], [e["status"] for e in f["ruledOut"]]
    copy, untestable = claim == "covert-copy", status.count("untestable")
    barred = "supported" in status or not status or (not declared and claim not in ALONE)
    if barred or (copy and (f["bits"] < 20 or untestable > 1)): return 0
    if untestable or claim in UNPROVEN or (copy and f["bits"] < 64) or (claim == "ungranted-access" and f["act"] != "effected"): return 1
    order = claim in ("undeclared-duplication", "undeclared-trace") or (claim == "unwarranted-interception" and f["packets"] == 0)
    told = any(e["status"] == "excluded" and e.get("code", "").startswith("explanation.refused.") for e in f["ruledOut"])
    return 1 if order and f["act"] == "sent" and not told else 2
L1 = "form parts signature origin names checkpoint tree records inclusion policy references completeness rollback witnesses".split()
L2 = {  # code: types of records, with each of which the function of that name is called
    "finding-ids": "finding", "bits": "finding", "grades": "coverage", "standing": "coverage", "evidence": "coverage", "counts": "coverage",
    "claims": "finding", "arithmetic": "finding", "dates": "", "declaration": "declaration",
    "coverage": "coverage", "pairs": "match", "carved": "coverage carved carved-full", "openings": "opening", "challenges": "challenge",
}
NOT_HERE = dict.fromkeys("absence replay replay-settings replay-runs replay-findings replay-match replay-carved replay-openings".split(), "only a replay (L3) shows it: not by this program")
OF_FINDINGS = set("finding-ids bits grades standing evidence counts claims arithmetic pairs".split())
def run(b):
    stopped, failed = None, set()
    for code in [*L1, *L2, *(c for c in NOT_HERE if c not in L2)]:
        status, detail, part = "passed", "", None
        try:
            need(not stopped, f"because {stopped} failed", None, "not checked")
            need(code != "arithmetic" or "bits" not in failed, "because bits failed", None, "not checked")
            if code in L1 or code == "dates": getattr(b, code)()
            need(code not in OF_FINDINGS or b.of("finding"), "there is no finding", None, "not checked")
            left = [getattr(b, code.replace("-", "_"))(record, record["record"]) for kind in L2.get(code, "").split() for record in b.of(kind)]
            need(code not in NOT_HERE, NOT_HERE.get(code), None, "not checked")
            there = {"pairs": lambda: any(m["record"]["pairs"] for m in b.of("match")), "carved": lambda: any(n.startswith("carved") for n in b.files),
                     "openings": lambda: b.of("opening"), "challenges": lambda: b.of("challenge")}.get(code, lambda: True)
            need(there(), "there is nothing to check", None, "not checked")
            masked = sum(left) if code == "finding-ids" else 0
            detail = f"not checked: {masked} with a subscriber's address, whose id only a replay makes again (L3)" if masked else ""
            status = "not checked" if masked and masked == len(left) else "passed"
            if code == "witnesses": detail = b.said
            if code == "standing":
                need(b.attested, "given: nobody but the accuser vouches for declaration and tap map", None, "not checked")
                strangers = ", ".join(sorted({who for each in b.attested for who in each}))
                need(not strangers, f"sealed by keys that you did not name: {strangers}; name them (--party)", None, "unmet" if b.told.get("party") else "not checked")
        except Stop as stop:
            status, detail, part = stop.args
        except Exception as error:  # a stranger's octets: whatever went wrong, the check did not hold
            status, detail, part = "failed", f"could not be checked: {error!r}", "head" if code == "form" else None
        if status == "failed": failed.add(code)
        stopped = code if status == "failed" and code in L1 and code not in ("origin", "tree", "policy", "rollback") else stopped
        level, asked = "L1" if code in L1 else "L3" if code.startswith("replay") else "L2", status == "unmet"
        yield {"code": code, "level": level, "status": "not checked" if asked else status, "detail": detail, "part": part, "asked": asked}
def key_in(file): return "".join(line for line in file.read().decode("utf-8", "replace").split("\n") if not line.startswith("#")).strip()
def verdict(octets, key, earlier, told, any_signer):
    checks = list(run(Bundle(octets, key, earlier, told)))
    broken, origin = [c["level"] for c in checks if c["status"] == "failed"], next(c["status"] for c in checks if c["code"] == "origin")
    level = "none" if "L1" in broken else "L1" if "L2" in broken else "L2"
    passed = not broken and not any(c["asked"] for c in checks) and (origin == "passed" or any_signer)
    return {"level": level, "origin": origin, "passed": bool(passed), "checks": checks}
def is_bundle(octets): return octets.startswith(MAGIC.encode() + b"\n") or f'"format":"{MAGIC}"'.encode() in octets[:4096]
def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", nargs="+")
    for name in ("--key", "--checkpoint"): parser.add_argument(name, type=argparse.FileType("rb"))
    for name in ("--witness", "--party"): parser.add_argument(name, type=argparse.FileType("rb"), action="append", default=[])
    for flag in ("--any-signer", "--json"): parser.add_argument(flag, action="store_true")
    given = parser.parse_args()
    told = {"witness": [key_in(file) for file in given.witness], "party": [key_in(file) for file in given.party]}
    key, earlier, worst = given.key and key_in(given.key), given.checkpoint and given.checkpoint.read(), 0
    for path in given.bundle:
        octets = pathlib.Path(path).read_bytes()
        if not is_bundle(octets):
            print(f"{path}: is not a bundle", file=sys.stderr)
            worst = 2
            continue
        found = verdict(octets, key, earlier, told, given.any_signer)
        origin = found["origin"]
        lines = [f"{c['status']:12}{c['level']} {c['code']:15} {c['part'] or ''} {c['detail']}".rstrip() for c in found["checks"]]
        text = "\n".join([f"origin: {'checked' if origin == 'passed' else origin}", *lines, f"level: {found['level']}"])
        print(json.dumps(found) if given.json else "".join(c if c.isprintable() or c == "\n" else "?" for c in text), flush=True)
        worst = max(worst, 0 if found["passed"] else 1)
    return worst
if __name__ == "__main__": sys.exit(main())
