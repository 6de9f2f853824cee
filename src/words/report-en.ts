/** Sentences of the report and its exports, in English. `report-fr.ts` has the same keys. */
import type { Act, Basis, Explanation, Grade, Premise, Standing } from "#model/finding.ts";
import { CLAIM_SENTENCES_EN } from "./claim-sentences.ts";

const basis: Readonly<Record<Basis, string>> = {
  address: "the packets bear its address, which can be forged",
  link: "the packets left on a link that serves only this element",
  enclosed: "all its links were watched: the original went in, the copy came out",
  inferred: "inferred from traffic: the packets do not bear its address",
};
const act: Readonly<Record<Act, string>> = {
  sent: "ordered; no answer was seen",
  accepted: "ordered and accepted; its effect was not seen",
  effected: "carried out; the traffic itself was seen",
};
const standing: Readonly<Record<Standing, { readonly name: string; readonly means: string }>> = {
  given: { name: "given", means: "A user supplied the declaration and the tap map; nobody else vouched for them." },
  attested: { name: "attested", means: "Declaration and tap map were sealed and signed before the first frame was captured." },
  witnessed: { name: "witnessed", means: "Declaration and tap map were sealed beforehand, and outside witnesses signed the log." },
};
const explained: Readonly<Record<Explanation["status"], string>> = {
  excluded: "excluded",
  supported: "supported",
  untestable: "not testable here",
};
const premise: Readonly<Record<Premise["status"], string>> = { verified: "verified", declared: "declared", assumed: "assumed" };
const gradeMeans: Readonly<Record<Grade, string>> = {
  indication: "deserves a person's look, no more",
  corroborated: "well supported; something is left open",
  proven: "coincidence and the tested innocent explanations are excluded",
};

export const reportEn = {
  basis,
  act,
  actSeen: "sent; seen on the wire",
  standing,
  explained,
  premise,
  gradeMeans,
  /** Behind a claim's name. */
  gradeOf: (grade: Grade): string => grade,
  claimSentence: CLAIM_SENTENCES_EN,
  title: (network: string) => `Access to subscriber data that nobody authorised: ${network}`,
  titleActs: (network: string) => `Acts that nobody authorised: ${network}`,
  titleIndications: (tally: string, network: string) => `Worth a look (${tally}): ${network}`,
  titleNone: (network: string) => `Watched, and nothing found: ${network}`,
  titleWithheld: (network: string, n: number) => `Nothing that you may see; ${n} withheld: ${network}`,
  /** Goes on after a title that tells of other findings. */
  alsoWithheld: (n: number) => `; ${n} withheld`,
  /** Whole sentences, for exports. */
  withheldNote: (n: number, any: boolean) =>
    `${any ? "" : "Nothing that you may see. "}${n} ${n === 1 ? "finding is" : "findings are"} withheld: about interception, for readers cleared for it.`,
  kicker: "Report of an examination",
  watchedOn: (period: string) => `Watched: ${period}`,
  made: {
    author: "Author",
    noAuthor: "not named",
    on: "Made on",
    with: "Made with",
    tool: (version: string) => `Tapproof ${version}`,
    basis: "Basis",
    declaration: "Declaration",
    of: (network: string | null, hash: string) => `${network === null ? "" : `of ${network}, `}SHA-256 ${hash}…`,
    none: "none was given",
    supplied: "supplied by whoever scanned; nobody else vouches for it",
    sealedBy: (parties: string, at: string | null) => `sealed${at === null ? "" : ` on ${at}`} by ${parties}`,
    sealed: "sealed before the first frame was captured",
    reviewed: "nothing in it is marked as unreviewed",
    unreviewed: (parts: string) => `a draft that nobody has reviewed (${parts})`,
  },
  someNetwork: "a mobile network",
  caseLine: (name: string) => `Case ${name}`,
  period: (from: string, to: string) => `${from} to ${to}`,
  draft: {
    title: "Draft",
    pending: (vendors: string) =>
      `This report names ${vendors}. It stays a draft until the supplier has had the bundle and its time to reply: that time has not begun.`,
    running: (vendors: string, until: string) =>
      `This report names ${vendors}. It stays a draft until ${until}, when the supplier's time to reply ends.`,
    ended: (vendor: string, until: string, replied: boolean) =>
      replied
        ? `${vendor} had the bundle and replied; the reply stands below. Its time ended on ${until}.`
        : `${vendor} had the bundle; its time to reply ended on ${until} without a reply.`,
  },

  compare: {
    fresh: (n: number) => `New (${n})`,
    gone: (n: number) => `Found before, not now (${n})`,
    stronger: (n: number) => `Stronger (${n})`,
    weaker: (n: number) => `Weaker (${n})`,
    same: (n: number) => (n === 1 ? "1 finding stands as it did." : `${n} findings stand as they did.`),
    more: (n: number) => `and ${n} more: --json lists them all`,
    otherNetwork: "The two cases are of networks of different names: no finding can be the same.",
    otherDeclaration: "The two were judged by different declarations: what is new or gone may be what is declared.",
    notWatched: (points: string) => `Not watched the second time: ${points}. What was found there may go on.`,
    goneMeans: "That an act was not found again does not show that it ended: it may not have happened while these captures ran.",
  },
  lead: {
    if: "If the declaration and tap map are right, ",
    ifNoDeclaration: "No declaration of the network was given, so nothing here is more than an indication: ",
    standing: (name: string) => `On ${name} premises, `,
    /** How many of each grade, the strongest first. */
    tally: (proven: number, corroborated: number, indications: number) =>
      [
        proven === 0 ? "" : `${proven} proven`,
        corroborated === 0 ? "" : `${corroborated} corroborated`,
        indications === 0 ? "" : indications === 1 ? "1 indication" : `${indications} indications`,
      ]
        .filter((part) => part !== "")
        .join(", "),
    several: (tally: string) => `the findings are: ${tally}. The best supported: `,
    draft:
      "The declaration is a draft made by a machine, and nobody has reviewed it: what it decides is assumed, and nothing is more than corroborated. ",
    none: "nothing was found that the declaration does not explain, in what was watched.",
    withheld: (n: number) => `nothing was found that you may see; ${n === 1 ? "1 finding is" : `${n} findings are`} withheld.`,
    withheldNoDeclaration: (n: number) =>
      `Without a declaration of the network little can be judged; nothing was found that you may see; ${n === 1 ? "1 finding is" : `${n} findings are`} withheld.`,
    noneNoDeclaration: "Without a declaration of the network little can be judged; nothing was found.",
  },
  withheldMeans:
    "This report does not say that nothing was found. What is withheld is about interception, and is for readers who are cleared for it.",
  noneMeans: "This is a statement about what was watched, and only about that: what was not watched stands below.",
  attribution: (place: string, element: string) =>
    `The copy left at ${place} of ${element}. This does not show who caused it, or that its supplier knew.`,
  attributionOther: (element: string) => `The act was observed at ${element}. This does not show who caused it, or that its supplier knew.`,
  attributionGeneral: "No wire shows who configured this, with which intent, or whether anybody read the data.",
  first: {
    found: "What was found",
    sure: "How sure",
    who: "Who is affected",
    else: "What else it could have been",
    unseen: "What was not watched",
    check: "How to check",
    watched: "What was watched",
  },
  more: (n: number) => (n === 1 ? "1 more finding stands in the second part." : `${n} more findings stand in the second part.`),
  sure: {
    bits: (grade: string, bits: string, power: number) =>
      `Graded ${grade}. Unrelated traffic would agree this well by coincidence with a chance of at most 2⁻${sup(power)}: ${bits} bits were counted, 64 are needed.`,
    direct: (grade: string) =>
      `Graded ${grade}. The breach was read directly from complete packets and held against the declaration; no chance is computed.`,
    directWeak: (grade: string, means: string) => `Graded ${grade}: ${means}.`,
    graded: (list: string) => `Graded: ${list}.`,
    bitsSeveral: (n: number, power: number) =>
      `For ${n === 1 ? "1 of them" : `${n} of them`} a chance was computed: unrelated traffic would agree this well by coincidence with a chance of at most 2⁻${sup(power)}.`,
    directSeveral: (n: number) =>
      n === 1
        ? "1 breach was read directly from complete packets and held against the declaration."
        : `${n} breaches were read directly from complete packets and held against the declaration.`,
    notInnocence: "This is the chance of coincidence, not the chance that somebody is innocent.",
    rests: (verified: number, declared: number, assumed: number) =>
      `It rests on ${verified + declared + assumed} premises (${[
        [verified, "verified"],
        [declared, "declared"],
        [assumed, "assumed"],
      ]
        .filter(([n]) => n !== 0)
        .map(([n, name]) => `${n} ${name}`)
        .join(", ")}), listed with the finding.`,
  },
  who: {
    subscribers: (n: number) =>
      n === 0 ? "No subscriber's data was seen to leave by this act." : n === 1 ? "1 subscriber" : `${n} subscribers`,
    pseudonyms: "Subscribers appear under pseudonyms; who they are is not in this report.",
    data: (kinds: string) => `Kind of data: ${kinds}.`,
    amount: (packets: string, bytes: string) => `${packets}${bytes === "" ? "" : `, ${bytes}`}`,
    when: (from: string, to: string) => `From ${from} to ${to}.`,
    at: (at: string) => `At ${at}.`,
    receivers: (list: string) => `Where it went: ${list}.`,
    parties: (list: string) => `The other party: ${list}.`,
    inAll: (subscribers: string, bytes: string, receivers: number) =>
      `In all ${subscribers}${bytes === "" ? "" : `, ${bytes} of content`}${receivers === 0 ? "" : receivers === 1 ? ", 1 receiver" : `, ${receivers} receivers`}.`,
  },
  elsewise: {
    summary: (excluded: number, declared: number, untestable: number) => {
      const parts = [`${excluded} innocent explanations were tested and excluded`];
      if (declared > 0) parts.push(`${declared} of them only as far as the declaration is right`);
      if (untestable > 0)
        parts.push(untestable === 1 ? "1 could not be tested at these points" : `${untestable} could not be tested at these points`);
      return `${parts.join("; ")}.`;
    },
    most: "The likeliest of them:",
    open: "Not testable, and so left open:",
    leading: "For the best supported finding:",
    all: "All stand, with the reasons, in the second part.",
  },
  unseen: {
    none: "No gap was noticed in what was captured. Links without a point are blind spots all the same.",
    points: (list: string) => `Watched: ${list}.`,
    further: (n: number) => (n === 1 ? "1 more line stands in the second part." : `${n} more lines stand in the second part.`),
    gaps: (n: number) => (n === 1 ? "1 gap is listed in the second part." : `${n} gaps are listed in the second part.`),
    undecided: (n: number) =>
      n === 1 ? "1 case could not be decided; it is not a finding." : `${n} cases could not be decided; they are not findings.`,
    covered: (n: number) =>
      n === 1
        ? "1 interception was covered by a warrant; nothing else is kept of it."
        : `${n} interceptions were covered by warrants; nothing else is kept of them.`,
    withheld: (n: number) =>
      n === 1
        ? "1 finding about interception is left out of this report: it is for readers cleared for interception."
        : `${n} findings about interception are left out of this report: they are for readers cleared for interception.`,
  },
  check: {
    verify: "Anybody can check the bundle offline, without trusting whoever made it:",
    byPage: "Or in any browser, without network: drop it on verify.html, the page with the SHA-256",
    noBundle: "This case holds no bundle yet; the frames below can still be compared with the captures.",
    frames: "Open the captures in Wireshark and go to the frames listed with each finding; compare their SHA-256 first.",
    page: "This page can check the bundle it carries. That is a convenience: a forged page can lie, the command cannot be talked to by the page.",
    run: "Check the bundle in this page",
    running: "Checking…",
    offline: "Nothing is sent: the page's own policy forbids any connection.",
    notCarried:
      "The bundle is not carried in this page: it is signed as a whole, and part of what it holds is for readers with further rights. Check the file itself.",
    tooLarge: "The bundle is too large to be carried in this page. Check the file itself.",
    level: "Level reached",
    origin: "Origin",
    failed: "failed",
    passed: "passed",
    notChecked: "not checked",
    couldNot: "This browser could not run the check; use the command.",
  },
  part2: "Second part: for the expert",
  contents: "Contents",
  finding: (n: number) => `Finding ${n}`,
  facts: {
    title: "The act",
    id: "Finding id",
    element: "Observed at",
    basis: "Why there",
    vendor: "Its supplier",
    vendorNote: "as declared; observed at its equipment, which is not the same as done by it",
    receiver: "Receiver",
    undeclared: "undeclared",
    notForThis: "declared, but not for this",
    declaredAs: "declared",
    via: "came through",
    act: "How far it went",
    transport: "Carried in",
    encrypted: "encrypted",
    delay: "Delay after the original",
    subscribers: "Subscribers",
    data: "Kind of data",
    amount: "Amount",
    when: "Observed",
    bits: "Bits",
    chance: "Chance of coincidence",
    direct: "none computed: read directly",
    standing: "Standing",
    sources: "Specifications",
    identities: "Identities",
    details: "Further facts",
    none: "none",
    unknown: "not known",
  },
  way: {
    title: "The way of the data",
    alt: (element: string, receiver: string) =>
      `Drawing: the path of subscriber traffic, and where the act at ${element} leaves it towards ${receiver}.`,
    subscriber: "subscriber",
    access: "radio access",
    core: "core",
    outside: "packet network",
    ordered: "ordered",
    columns: ["Section", "What passes", "Standing"],
    regular: "the subscriber's traffic, on its ordinary way",
    noReceiver: "no receiver",
    asks: "asks, and is answered",
    manages: "manages",
    unprotected: "unprotected",
    noSignalling: "no signalling set it up",
  },
  arithmetic: {
    rootScale: "square-root scale",
    title: "The arithmetic",
    alt: (bits: string) => `Drawing: bits add up step by step to ${bits}, against a threshold of 64.`,
    threshold: "threshold: 64 bits",
    columns: ["Step", "What", "Bits", "Sum", "Because"],
    bound: "bound",
    none: "No coincidence is computed for this finding: it was read directly, or its absence was well covered.",
    note: "Bits are session-unique evidence: each step up halves the chance of coincidence that many times. Deductions pay for every try that was made.",
  },
  explanations: { title: "Innocent explanations, and what became of them", columns: ["Outcome", "Explanation", "Because"] },
  premises: {
    title: "What it rests on",
    columns: ["Standing", "Premise"],
    note: "A wrong premise weighs more than any arithmetic: check these first.",
  },
  witnesses: { title: "What else saw the same act", columns: ["Claim", "Grade", "What it says"] },
  frames: {
    title: "Frames",
    columns: ["Capture", "Frames", "Numbers (as Wireshark shows them)"],
    more: (n: number) => `and ${n} more`,
    filter: "Wireshark filter",
  },
  packets: {
    title: "Packets side by side",
    alt: "Drawing: a packet and its copy on one scale: the copy has an envelope in front; the content of both, masked, is the same.",
    original: "Original",
    copy: "Copy",
    frame: (file: string, frame: number) => `${file}, frame ${frame}`,
    headers: "headers",
    content: "content, masked",
    envelope: "envelope",
    same: "the same content",
    equalOctets: "Equal octets",
    commitment: "Commitment of both",
    more: (n: number) => (n === 1 ? "1 more pair stands in the bundle." : `${n} more pairs stand in the bundle.`),
    note: "As the bundle carries them: contents are cut away, subscribers' addresses, ports and other identifying octets are replaced or zero. Original and copy commit to their content under a key of this finding: equal commitments show equal content, and nothing else.",
  },
  time: {
    title: "Time",
    alt: "Drawing: one time axis with what was watched, what subscribers did, and when the acts were seen; hatched where nothing was watched.",
    columns: ["Row", "From", "To", "What"],
    coverage: "watched",
    notWatched: "not watched",
    activity: "subscriber traffic",
    act: "act",
    order: "order",
    gap: "gap",
    utc: "UTC",
  },
  map: {
    title: "The network",
    alt: "Drawing: the functions in their 3GPP places, declared traffic thin and blue, the acts found in vermilion.",
    columns: ["From", "To", "Interface or protocol", "Amount", "Standing"],
    declared: "declared",
    notDeclared: "undeclared",
    found: "found",
    management: "management and services",
    subscribers: "subscribers",
    control: "control plane",
    user: "user plane",
    outside: "outside",
    more: (n: number) => `and ${n} more`,
    messages: (n: string) => `${n} messages`,
    unreadable: "The case's database could not be read: this drawing and the next show less than was seen.",
    legendDeclared: "declared traffic",
    legendFound: "what nobody authorised; width is the volume",
    legendOther: "seen, not judged",
    legendOrdered: "ordered, not seen to flow",
  },
  coverage: {
    title: "What was watched, and what was not",
    captures: ["Capture", "Point", "Packets", "From", "To", "Cut", "Malformed"],
    hashes: "SHA-256 of the captures, as given",
    gaps: "Gaps",
    gapColumns: ["Kind", "Where", "How many", "Why"],
    undecided: "Not decided",
    undecidedColumns: ["About", "How many", "Why"],
    everywhere: "whole run",
    notSeen: "Not seen",
  },
  custody: {
    title: "Custody",
    basis: "Basis (law, authority, purpose)",
    noBasis: "none stated",
    columns: ["When", "Who", "What"],
    scan: (files: number) => (files === 1 ? "scanned 1 capture" : `scanned ${files} captures`),
    identities: (reason: string) => `identities shown, because: ${reason}`,
    declaration: "SHA-256 of the declaration",
    noDeclaration: "no declaration was given",
    sealed: (at: string) => `sealed ${at}`,
    log: (n: number) => `${n} records stand in the case's log; its checkpoint:`,
    handedOver: (vendor: string, days: number) => `the bundle was handed over to ${vendor}, ${days} days to reply`,
    replied: (vendor: string) => `${vendor} replied`,
    intake: (capture: string, place: string) => `took in capture ${capture}, captured at: ${place}`,
    action: (name: string) => name.replaceAll("-", " "),
  },
  replies: {
    title: "What the supplier says",
    received: (vendor: string, at: string) => `${vendor}, received ${at}. Printed as it came, unedited.`,
    hash: "SHA-256",
  },
  glossary: {
    title: "Words",
    entries: [
      ["grade", "How strong the evidence is: indication, corroborated, proven. It grades the arithmetic and the tests, not a person."],
      ["bit", "One bit halves the chance of coincidence. 64 bits: one in about 18 million million million."],
      [
        "declaration",
        "The operator's list of what its network is: functions, hosts, grants, lawful addresses. What it explains is not a finding.",
      ],
      ["tap map", "Where each capture was taken, and whether it shows everything on that link."],
      ["element", "The network function or address at which an act was observed. Not a culprit."],
      ["receiver", "Where the data went, or was to go."],
      ["premise", "Something a finding rests on that its arithmetic does not cover."],
      ["covert copy", "One packet in, two or more out: the original reaches its destination, a second one goes elsewhere."],
      ["eNB, gNB", "Radio station of a 4G or 5G network: where a handset's traffic enters."],
      ["MME, AMF", "The function that registers handsets and knows where they are."],
      ["SGW, PGW, UPF", "Gateways through which all traffic of a subscriber passes."],
      ["HSS, UDM", "The register of subscribers."],
      [
        "S1-U, SGi, S11, OAM …",
        "Names of links between functions: S1-U carries subscriber traffic from the radio side, SGi to the Internet, S11 its signalling; OAM is management.",
      ],
      ["GTP-U, VXLAN, GRE", "Envelopes in which packets are carried inside other packets."],
      ["frame", "One packet in a capture file, with its number."],
      ["bundle", "The file that lets a stranger check a case, offline."],
    ] as readonly (readonly [string, string])[],
  },
  colophon: (version: string) =>
    `Made by Tapproof ${version} from the case folder alone. The log proves that nothing was changed since sealing, not that a capture was never fabricated: two sensors in different hands, or a sealed counter-sample for the accused, show more.`,
  liCleared: "For readers cleared for interception. Do not pass on.",
  or: "or",
  originalEnglish: "original wording",
  gapKind: (kind: string) => kind.replaceAll("-", " "),
};

/** Digits as superscripts, for powers. */
export function sup(n: number): string {
  return String(n).replaceAll(/\d/g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(d)] ?? d);
}
