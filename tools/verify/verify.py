#!/usr/bin/env python3
"""Second verifier of Tapproof bundles, after docs/bundle-format.md: the checks of L1 (integrity) and L2 (arithmetic).

    verify.py BUNDLE [--key FILE | --any-signer] [--checkpoint FILE] [--json]

Needs the standard library, and the `openssl` program for Ed25519. Codes are those of `tapproof verify`; cosignatures of witnesses and L3 are
not checked. Exit 0: everything holds; 1: something does not, or the signer is unknown; 2: no bundle.
"""
import argparse, base64, hashlib, json, math, os, re, subprocess, sys, tempfile

MAGIC, GRADES = "tapproof/bundle/1", ["indication", "corroborated", "proven"]
OTHER_TYPES = {"origin", "policy", "seal", "intake", "reply", "timestamp"}
MEMBERS = {  # of each type of record, beside schema and type
    "capture": "file sha256 packets bytes first last truncated malformed points", "tap-map": "points", "print-keys": "run print sampling",
    "declaration": "given sha256 network declaration", "register": "given keyedHash warrants scopes",
    "settings": "tool program options detectors", "match": "finding arithmetic table pairs pairsLeftOut",
    "coverage": "sequence previous captures tapMap declaration register settings printKeys from to packets bytes truncated malformed drops"
    " undecoded encrypted gaps undecided coveredInterceptions awaitingAuthority notSeen blindSpots beacon findings",
    "finding": "id claim grade network summary element receiver act transport subscribers identities data packets bytes first last bits"
    " chance standing premises evidence ruledOut witnesses sources details match carved",
    "carved": "finding file why framesTotal frames", "carved-full": "finding file frames reason",
    "opening": "finding class index salt content reason", "challenge": "finding match random wanted pairs reason",
}
class Stop(Exception):
    """Ends a check: (status, detail, part)."""
def need(holds, detail, part=None, status="failed"):
    if not holds:
        raise Stop(status, detail, part)
def sha(octets):
    return hashlib.sha256(octets).digest()
def unbase64(text, part):
    need(re.fullmatch(r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", text), "holds malformed base64", part)
    octets = base64.b64decode(text)
    need(base64.b64encode(octets).decode() == text, "holds base64 that does not re-encode identically", part)
    return octets

def canonical(value, part, depth=0):
    """RFC 8785 for whole numbers, strings, booleans, null, lists and maps; ASCII control characters as json.dumps writes them."""
    need(depth <= 64, "is nested too deep", part)
    if value is None or isinstance(value, (bool, str)) or (isinstance(value, int) and abs(value) < 2**53):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(canonical(v, part, depth + 1) for v in value) + "]"
    need(isinstance(value, dict), "holds a number that is no whole one below 2^53", part)
    names = sorted(value, key=lambda n: n.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(canonical(n, part) + ":" + canonical(value[n], part, depth + 1) for n in names) + "}"
def parse_canonical(octets, part):
    try:
        value = json.loads(octets.decode("utf-8"))
        same = canonical(value, part).encode("utf-8") == octets
    except (ValueError, RecursionError):
        same = False
    need(same, "is not canonical JSON", part)
    return value
def ed25519(public_key, signature, message):
    """One call of openssl; the key is wrapped as SubjectPublicKeyInfo (RFC 8410)."""
    with tempfile.TemporaryDirectory() as folder:
        path = [os.path.join(folder, name) for name in ("key", "text", "signature")]
        for name, octets in zip(path, (bytes.fromhex("302a300506032b6570032100") + public_key, message, signature)):
            with open(name, "wb") as file:
                file.write(octets)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", path[0], "-rawin", "-in", path[1]]
        return subprocess.run([*command, "-sigfile", path[2]], capture_output=True, check=False).returncode == 0
def parse_key(text, part):
    match = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)\n?", text)
    octets = unbase64(match[3], part) if match else b""
    need(len(octets) == 33 and octets[0] == 1, "is no Ed25519 verifier key", part)
    need(sha(match[1].encode() + b"\n" + octets)[:4].hex() == match[2], "its key hash is wrong", part)
    return {"name": match[1], "hash": bytes.fromhex(match[2]), "public": octets[1:], "text": text.rstrip("\n")}
def parse_note(octets, part):
    text = octets.decode("utf-8")
    head, gap, tail = text.rpartition("\n\n")
    need(gap and head and tail.endswith("\n") and not re.search(r"[\x00-\x09\x0b-\x1f]", text), "is no signed note", part)
    lines = [re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)", line) for line in tail[:-1].split("\n")]
    need(all(lines), "has a malformed signature line", part)
    return head + "\n", [(m[1], unbase64(m[2], part)) for m in lines]
def signed_by(note, key):
    own = [s for name, s in note[1] if name == key["name"] and s[:4] == key["hash"]]
    return len(own) == 1 and len(own[0]) == 68 and ed25519(key["public"], own[0][4:], note[0].encode())
def parse_checkpoint(octets, part):
    note = parse_note(octets, part)
    lines = note[0][:-1].split("\n")
    root = unbase64(lines[2] if len(lines) > 2 else "", part)
    need(len(root) == 32 and "" not in lines and re.fullmatch(r"0|[1-9][0-9]{0,14}", lines[1]), "is no checkpoint", part)
    return {"note": note, "origin": lines[0], "size": int(lines[1]), "root": root}
def root_of(leaves):
    """RFC 6962 §2.1, from leaf hashes; a node without a sibling moves up."""
    level = list(leaves)
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [sha(b"\x01" + p[0] + p[1]) if len(p) == 2 else p[0] for p in pairs]
    return level[0] if level else sha(b"")
def included(leaf, index, size, proof, root):
    """RFC 9162 §2.1.3.2."""
    node, last = index, size - 1
    for sibling in proof:
        need(last > 0, "has a proof that is too long")
        if node % 2 or node == last:
            leaf = sha(b"\x01" + sibling + leaf)
            while node % 2 == 0 and node:
                node, last = node // 2, last // 2
        else:
            leaf = sha(b"\x01" + leaf + sibling)
        node, last = node // 2, last // 2
    return index < size and last == 0 and leaf == root

class Bundle:
    def __init__(self, octets, key, earlier):
        self.octets, self.key, self.earlier, self.files, self.logged, self.listed = octets, key, earlier, {}, [], None
    def part(self, name):
        need(name in self.files, "is missing", name)
        return self.files[name][0]
    def of(self, kind):
        return [r for r in self.logged if r["type"] == kind]
    def has(self, sha256):
        return any(r["sha256"] == sha256 for r in self.logged)
    def named(self, sha256, kind, by):
        found = next((r for r in self.logged if r["sha256"] == sha256), None)
        need(found and found["type"] == kind, f"names a {kind} record that is not in the bundle", by["part"])
        return found
    # --- L1, in this order
    def form(self):
        lines = self.octets.split(b"\n", 4)
        need(len(lines) == 5 and lines[0] == MAGIC.encode() and lines[2] == b"", "its first four lines are malformed", "head")
        self.note = parse_note(b"\n".join(lines[:4]) + b"\n", "head")
        manifest = parse_canonical(lines[1], "head")
        need(len(self.note[1]) == 1 and sorted(manifest) == ["format", "parts"] and manifest["format"] == MAGIC, "is malformed", "head")
        at = len(self.octets) - len(lines[4])
        for p in manifest["parts"]:
            name, size = p["name"], p["bytes"]
            need(sorted(p) == ["bytes", "name", "sha256"] and re.fullmatch(r"[a-z0-9][a-z0-9./-]{0,127}", name), "is malformed", "head")
            need(name not in self.files, "is listed twice", name)
            need(type(size) is int and 0 <= size <= len(self.octets) - at, "is missing or cut", name)
            self.files[name], at = (self.octets[at : at + size], p["sha256"]), at + size
        need(at == len(self.octets), "octets follow the last part", "end of file")
    def parts(self):
        for name, (octets, sha256) in self.files.items():
            need(sha(octets).hex() == sha256, "is not what was signed", name)
    def signature(self):
        text = self.part("signer.vkey").decode("utf-8")
        need(text.endswith("\n"), "does not end with a line feed", "signer.vkey")
        self.signer = parse_key(text, "signer.vkey")
        need(signed_by(self.note, self.signer), "its signature does not hold", "head")
    def origin(self):
        need(self.key, "no key was given", None, "not checked")
        need(parse_key(self.key, "the key given")["text"] == self.signer["text"], "signed by another key", "signer.vkey")
    def names(self):
        left, last = list(self.files), -1
        for name in ["signer.vkey", "log/checkpoint", "log/witnessed", "log/leaves"]:
            need(left[:1] == [name] or name in ("log/witnessed", "log/leaves"), "is missing or not in its place", name)
            left = left[1:] if left[:1] == [name] else left
        while left and re.fullmatch(r"records/[0-9]{8,15}\.json", left[0]):
            digits, proof = left[0][8:-5], f"proofs/{left[0][8:-5]}.tlog-proof"
            need(int(digits) > last and digits == f"{int(digits):08}", "is not in its place", left[0])
            need(left[1:2] == [proof], "is missing or not in its place", proof)
            left, last = left[2:], int(digits)
        for folder in ["carved", "carved-full"]:
            own = [n for n in left if re.fullmatch(folder + r"/[0-9a-f]{64}\.pcapng", n)]
            need(own == sorted(own) and own == left[: len(own)], "is not in its place", left and left[0])
            left = left[len(own) :]
        need(not left, "is unknown, or not in its place", left and left[0])
    def checkpoint(self):
        self.top = parse_checkpoint(self.part("log/checkpoint"), "log/checkpoint")
        need(signed_by(self.top["note"], self.signer), "is not signed by the signer", "log/checkpoint")
    def tree(self):
        need("log/leaves" in self.files or self.top["size"] <= 65536, "the log is too long for its leaves to be here", None, "not checked")
        octets = self.part("log/leaves")
        self.listed = [octets[i : i + 32] for i in range(0, len(octets), 32)]
        need(len(octets) == 32 * self.top["size"] and root_of(self.listed) == self.top["root"], "does not give the root", "log/leaves")
    def records(self):
        for name, (octets, sha256) in self.files.items():
            if name.startswith("records/"):
                record = parse_canonical(octets, name)
                kind = record.get("type")
                members = {"schema", "type", *MEMBERS.get(kind, "").split()}
                ours = kind in MEMBERS and record.get("schema") == "tapproof/record/1" and set(record) == members
                need(ours or kind in OTHER_TYPES, "is no record that a bundle may hold", name)
                self.logged.append({"index": int(name[8:-5]), "type": kind, "sha256": sha256, "part": name, "record": record})
    def inclusion(self):
        for r in self.logged:
            name = f"proofs/{r['index']:08}.tlog-proof"
            head, _, checkpoint = self.part(name).decode("utf-8").partition("\n\n")
            lines = head.split("\n")
            need(lines[0] == "c2sp.org/tlog-proof@v1" and lines[1].startswith("extra "), "is no proof", name)
            need(lines[2] == f"index {r['index']}", "is a proof for another place in the log", name)
            need(checkpoint.encode() == self.part("log/checkpoint"), "is a proof under another checkpoint", name)
            octets = unbase64(lines[1][6:], name)
            leaf = parse_canonical(octets, name)
            need((leaf.pop("record"), leaf.pop("type")) == (r["sha256"], r["type"]), "is the leaf of another record", name)
            need(re.fullmatch(r"[0-9a-f]{32}", leaf.pop("nonce")) and not leaf, "its leaf is malformed", name)
            hashes, leaf_hash = [unbase64(line, name) for line in lines[3:]], sha(b"\x00" + octets)
            need(included(leaf_hash, r["index"], self.top["size"], hashes, self.top["root"]), "does not lead to the root", name)
            need(self.listed is None or self.listed[r["index"]] == leaf_hash, "is not the leaf that is listed", name)
    def policy(self):
        first = self.logged[0]
        need((first["index"], first["type"]) == (0, "origin"), "is missing: the log's first leaf", "records/00000000.json")
        need(first["record"].get("origin") == self.top["origin"], "names another origin than the checkpoint", first["part"])
        need(first["record"].get("key") == self.signer["text"], "names another key than the signer's", first["part"])
    def references(self):
        used, previous = set(), None
        need(self.of("coverage"), "is missing: no coverage record", "records")
        for n, run in enumerate(self.of("coverage")):
            record = run["record"]
            need((record["sequence"], record["previous"]) == (n, previous), "is not the next coverage record", run["part"])
            wanted = [(c, "capture") for c in record["captures"]] + [(record[k], k) for k in ("declaration", "register", "settings")]
            wanted += [(record["tapMap"], "tap-map")] + [(h, "print-keys") for h in [record["printKeys"]] if self.has(h)]
            used |= {self.named(h, kind, run)["sha256"] for h, kind in wanted}
            for entry in (e for e in record["findings"] if self.has(e["record"])):
                finding = self.named(entry["record"], "finding", run)
                own = [finding, *(self.named(finding["record"][k], k, finding) for k in ("match", "carved"))]
                for r in own:
                    need(r["record"].get("finding", r["record"].get("id")) == entry["id"], "belongs to another finding", r["part"])
                used |= {r["sha256"] for r in own}
            previous = run["sha256"]
        ids = {f["record"]["id"] for f in self.of("finding")}
        for r in self.logged:
            if r["type"] in ("opening", "challenge", "carved-full"):
                need(r["record"]["finding"] in ids, "belongs to no finding of the bundle", r["part"])
            elif r["type"] in MEMBERS and r["type"] != "coverage":
                need(r["sha256"] in used, "is named by no other record", r["part"])
    def rollback(self):
        need(self.earlier, "could not check rollback: no earlier checkpoint was given", None, "not checked")
        old = parse_checkpoint(self.earlier.encode(), "the checkpoint given")
        need(old["origin"] == self.top["origin"] and signed_by(old["note"], self.signer), "is of another log", "the checkpoint given")
        need(old["size"] <= self.top["size"], "rolled back", "log/checkpoint")
        need(self.listed is not None, "could not check rollback: the log is too long", None, "not checked")
        need(root_of(self.listed[: old["size"]]) == old["root"], "forked", "log/checkpoint")
    # --- L2: each is called with every record of its type
    def finding_ids(self, f, r):
        receiver, e = r["receiver"], r["element"]
        to = None if receiver is None else next((receiver[k] for k in ("name", "identity", "address") if receiver.get(k) is not None), None)
        who = e["address"] if e["name"] is None else e["name"]
        text = canonical(["tapproof/findings/1", r["claim"], r["network"], who, to], f["part"])
        masked = any(isinstance(a, str) and a.startswith("s:") for a in (who, to))  # a pseudonym stands for a subscriber's address
        need(masked or sha(text.encode()).hex() == r["id"], "its id is not the hash of its assertion", f["part"])
    def bits(self, f, r):
        table = self.named(r["match"], "match", f)["record"]["table"]
        need(r["chance"] in (None, f"2^-{min(r['bits'], 128)}"), "its chance does not go with its bits", f["part"])
        need(table or (r["claim"], r["grade"]) != ("covert-copy", "proven"), "is proven without a match table", f["part"])
        exact = score(table) if table else r["bits"]
        need(r["bits"] <= exact + 1e-6 and r["bits"] + 1 > exact - 1e-6, f"claims {r['bits']} bits, its table gives {exact}", f["part"])
    def grades(self, run, record):
        declared = self.named(record["declaration"], "declaration", run)["record"]["given"]
        for entry in (e for e in record["findings"] if self.has(e["record"])):
            f = self.named(entry["record"], "finding", run)
            need(GRADES.index(f["record"]["grade"]) <= allowed(f["record"], declared), "is graded higher than its record allows", f["part"])
            need(f["record"]["standing"] == "given" or self.of("seal"), "is called attested, and no seal is here", f["part"])
    def declaration(self, d, r):
        given, inner, sha256 = r["given"], r["declaration"], r["sha256"]
        need(given == (inner is not None) == (sha256 is not None), "contradicts itself", d["part"])
        need(not given or sha(canonical(inner, d["part"]).encode()).hex() == sha256, "is not what its hash says", d["part"])
    def coverage(self, run, r):
        for name in ("packets", "bytes", "truncated", "malformed"):
            total = sum(self.named(c, "capture", run)["record"][name] for c in r["captures"])
            need(total == r[name], f"its {name} are not its captures' sum", run["part"])
    def pairs(self, m, r):
        for p in r["pairs"]:
            need(p["copyCommitment"] == p["originalCommitment"] and p["octets"] >= 16, "lists a pair of unequal content", m["part"])
    def carved(self, c, r):
        later = [o for o in self.of("carved") if o["index"] > c["index"] and o["record"]["finding"] == r["finding"] and o["record"]["file"]]
        need(r["file"] or (r["why"] and not r["frames"]), "has no packets and does not say why", c["part"])
        if r["file"] and not later:
            self.packets(f"carved/{r['finding']}.pcapng", r["file"], len(r["frames"]))
    def carved_full(self, _, r):
        self.packets(f"carved-full/{r['finding']}.pcapng", r["file"], r["frames"])
    def packets(self, name, file, frames):
        octets = self.part(name)
        need((len(octets), sha(octets).hex()) == (file["bytes"], file["sha256"]), "is not what its record says", name)
        need(count_packets(octets, name) == frames, "holds another number of packets than its record lists", name)
    def carved_known(self, _, r):
        carved = [c for kind in ("carved", "carved-full") for c in self.of(kind) if c["record"]["file"]]
        known = {f"{c['type']}/{c['record']['finding']}.pcapng" for c in carved}
        for name in self.files:
            need(not name.startswith("carved") or name in known, "belongs to no record", name)
    def openings(self, o, r):
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
        drawn = picked(match["sha256"], r["random"], r["wanted"], len(pairs))
        need([p["pair"] for p in r["pairs"]] == drawn, "opens other pairs than those picked", c["part"])
        for p in r["pairs"]:
            content = unbase64(p["content"], c["part"])
            need(p["content"] == p["originalContent"] and len(content) == pairs[p["pair"]]["octets"], "opens unequal content", c["part"])
            made = [commitment("payload", unbase64(p[salt], c["part"]), content) for salt in ("copySalt", "originalSalt")]
            stated = [pairs[p["pair"]][side] for side in ("copyCommitment", "originalCommitment")]
            need(made == stated, f"pair {p['pair']} is not what was committed to", c["part"])
def commitment(kind, salt, content):
    return base64.b64encode(sha(f"tapproof/commitment/1\n{kind}\n".encode() + salt + content)).decode()
def picked(match, random, wanted, pairs):
    seed, places = sha(f"tapproof/challenge/1\n{match}\n{random}\n".encode()), list(range(pairs))
    for i in range(min(wanted, pairs)):
        j = i + int.from_bytes(sha(seed + i.to_bytes(4, "big"))[:6], "big") % (pairs - i)
        places[i], places[j] = places[j], places[i]
    return places[: min(wanted, pairs)]
def count_packets(octets, part):
    at = packets = 0
    while at < len(octets):
        kind, length = (int.from_bytes(octets[i : i + 4], "little") for i in (at, at + 4))
        sound = 12 <= length <= len(octets) - at and length % 4 == 0 and octets[at + length - 4 : at + length] == octets[at + 4 : at + 8]
        need(sound and kind in ((1, 6) if at else (0x0A0D0D0A,)), f"has a malformed block at octet {at}", part)
        packets, at = packets + (kind == 6), at + length
    return packets
def score(t):
    """The smaller of the hash bound and the source bound, in bits, not rounded."""
    log2, s, flows = lambda n: math.log2(max(1, n)), t["subscriber"], t["subscriber"]["flows"]
    log_m, log_b, log_s = sum(log2(n) for n in t["trials"].values()), log2(t["offered"]), log2(s["flowsOffered"])
    k, whole, width = sum(f["matches"] for f in flows), sum(f["whole"] for f in flows), t["printBits"]
    log_a = log2(flows[0]["offered"] if len(flows) == 1 else max(s["printsOffered"], k))
    bound = max(0, k * (width - log_a - log_b) + whole * width + math.lgamma(k + 1) / math.log(2) - log_m) if k else 0
    source, plain = -log_m, 0.0
    unique = [(c["sequence"] + min(256, c["cipher"]) + min(224, c["random"]) + c["dns"] + c["ssrc"], c["plain"])
              for c in (f["credits"] for f in flows if f["matches"] > 0)]
    for i, (own, background) in enumerate(sorted(unique, key=lambda u: -u[0])):
        choice = log_b + (log_s if i else 0)
        if own > choice:
            source += own - choice
        elif background:
            plain += max(0.0, -math.log2(upper(background["holding"], background["others"])) - log_b - log_s)
    return min(bound, max(0.0, source + min(40.0, plain)))
def upper(hits, trials):
    """Clopper-Pearson: the share at which so few hits have a chance of 2^-20."""
    if trials <= 0 or hits >= trials or hits > 1000:
        return 1.0
    low, high = hits / trials, 1.0
    ways = [math.lgamma(trials + 1) - math.lgamma(i + 1) - math.lgamma(trials - i + 1) for i in range(hits + 1)]
    for _ in range(50):
        p = (low + high) / 2
        total = sum(math.exp(w + i * math.log(p) + (trials - i) * math.log1p(-p)) for i, w in enumerate(ways))
        low, high = (p, high) if total > 2**-20 else (low, p)
    return high
def allowed(f, declared):
    """The strongest grade that the record bears; a witness brings its own, and at least that two agree."""
    return max([own_grade(f, declared)] + [max(1, GRADES.index(w["grade"])) for w in f["witnesses"]])
def own_grade(f, declared):
    claim, status = f["claim"], [e["status"] for e in f["ruledOut"]]
    copy, untestable = claim == "covert-copy", status.count("untestable")
    if "supported" in status or (not declared and claim not in ("weakened-protection", "unwarranted-interception")) or (
        copy and (f["bits"] < 20 or untestable > 1)):
        return 0
    if untestable or claim in ("ghost-tunnel", "undeclared-peer") or (copy and f["bits"] < 64):
        return 1
    order = claim in ("undeclared-duplication", "undeclared-trace") or (claim == "unwarranted-interception" and f["packets"] == 0)
    told = any(e["status"] == "excluded" and "refused" in e["explanation"] for e in f["ruledOut"])
    return 1 if order and f["act"] == "sent" and not told else 2

L1 = "form parts signature origin names checkpoint tree records inclusion policy references rollback".split()
L2 = {  # code: types of records, and what is called with each
    "finding-ids": {"finding": Bundle.finding_ids}, "bits": {"finding": Bundle.bits}, "grades": {"coverage": Bundle.grades},
    "declaration": {"declaration": Bundle.declaration}, "coverage": {"coverage": Bundle.coverage}, "pairs": {"match": Bundle.pairs},
    "carved": {"carved": Bundle.carved, "carved-full": Bundle.carved_full, "coverage": Bundle.carved_known},
    "openings": {"opening": Bundle.openings}, "challenges": {"challenge": Bundle.challenges},
}
def run(b):
    stopped = None
    for code in [*L1, *L2]:
        status, detail, part = "passed", "", None
        try:
            need(not stopped, f"because {stopped} failed", None, "not checked")
            if code in L1:
                getattr(b, code)()
            for kind, check in L2.get(code, {}).items():
                for record in b.of(kind):
                    check(b, record, record["record"])
        except Stop as stop:
            status, detail, part = stop.args
        except Exception as error:  # a stranger's octets: whatever went wrong, the check did not hold
            status, detail, part = "failed", f"could not be checked: {error!r}", "head" if code == "form" else None
        stopped = code if status == "failed" and code in L1 and code not in ("origin", "rollback") else stopped
        yield {"code": code, "level": "L1" if code in L1 else "L2", "status": status, "detail": detail, "part": part}

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, mode in (("bundle", "rb"), ("--key", "r"), ("--checkpoint", "r")):
        parser.add_argument(name, type=argparse.FileType(mode))
    for flag in ("--any-signer", "--json"):
        parser.add_argument(flag, action="store_true")
    given = parser.parse_args()
    octets = given.bundle.read()
    if not octets.startswith(MAGIC.encode() + b"\n") and f'"format":"{MAGIC}"'.encode() not in octets[:4096]:
        print(f"{given.bundle.name}: is no bundle", file=sys.stderr)
        return 2
    key = given.key and "".join(line for line in given.key.read().splitlines() if not line.startswith("#"))
    checks = list(run(Bundle(octets, key, given.checkpoint and given.checkpoint.read())))
    broken = [c["level"] for c in checks if c["status"] == "failed"]
    level = "none" if "L1" in broken else "L1" if "L2" in broken else "L2"
    origin = next(c["status"] for c in checks if c["code"] == "origin")
    lines = [f"{c['status']:12}{c['level']} {c['code']:12} {c['part'] or ''} {c['detail']}".rstrip() for c in checks]
    text = "\n".join([f"origin: {'checked' if origin == 'passed' else origin}", *lines, f"level: {level}"])
    print(json.dumps({"level": level, "origin": origin, "checks": checks}) if given.json else text)
    return 0 if not broken and (origin == "passed" or given.any_signer) else 1
if __name__ == "__main__":
    sys.exit(main())
