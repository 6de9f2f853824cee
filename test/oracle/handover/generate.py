"""Golden vectors of the handover interfaces, made by an independent ASN.1 compiler.

pycrate (https://github.com/pycrate-org/pycrate, 0.8.1) carries the ASN.1 modules of 3GPP TS 33.108 and TS 33.128 and
encodes values of them in BER. Nothing here knows how Tapproof reads: the values are written as the modules name them.

    pip install pycrate==0.8.1
    python3 test/oracle/handover/generate.py > test/oracle/handover/vectors.json
"""

import json

from pycrate_asn1dir import LI3GPP, LIX3GPP

IMSI = bytes.fromhex("02180100000021f3")  # 208110000000123, TBCD (TS 29.002)
IMEI = bytes.fromhex("5302123254769810")
MSISDN = bytes.fromhex("9133160000004f")[:7]
IP = bytes.fromhex("4500001c00010000401100000a2d0001c633640a0fa000350008abcd")
WHEN = ("localTime", {"generalizedTime": ("2026", "01", "15", "12", "00", "00", None, "Z"), "winterSummerIndication": "notProvided"})
UTC = ("utcTime", ("26", "01", "15", "12", "00", "00", "Z"))
PLACE_EPS = {"userLocationInfo": bytes.fromhex("1802f8010001" "02f80100000101")}


def encode(value_type, value):
    value_type.set_val(value)
    out = value_type.to_ber().hex()
    value_type.from_ber(bytes.fromhex(out))
    return out


def content(module, pdu, header_name, header, payload=IP):
    return encode(getattr(module, pdu), {header_name: header, "payload": payload})


def party(qualifier, identity):
    return {"party-Qualifier": qualifier, "partyIdentity": identity}


def record(module, choice, value, kind="iRI-Begin-record"):
    return encode(getattr(module, choice), (kind, value))


def seq(**more):
    return {"sequence-number": 7, "t-PDU-direction": "from-target", "timeStamp": WHEN, **more}


def vectors():
    m = LI3GPP
    eps_header = {"hi3DomainId": m.Eps_HI3_PS.hi3DomainId.get_val(), "lIID": b"LI-EPS", "correlation-Number": bytes(8),
                  "timeStamp": WHEN, "sequence-number": 258, "t-PDU-direction": "from-target", "ice-type": "pDN-GW"}
    yield "hi3-eps", content(m.Eps_HI3_PS, "CC_PDU", "uLIC-header", eps_header), {
        "protocol": "hi3", "family": "ulic", "liid": "LI-EPS", "sequence": 258, "towards": "from-target", "content": IP.hex(),
        "time": "2026-01-15T12:00:00.000000000Z", "location": False}
    bare = {k: v for k, v in eps_header.items() if k not in ("lIID", "timeStamp", "ice-type")}
    yield "hi3-eps-no-liid", content(m.Eps_HI3_PS, "CC_PDU", "uLIC-header", bare), {
        "protocol": "hi3", "family": "ulic", "liid": None, "sequence": 258, "content": IP.hex()}
    umts = {**eps_header, "hi3DomainId": m.Umts_HI3_PS.hi3DomainId.get_val(), "version": "version1", "lIID": b"LI-UMTS",
            "ice-type": "ggsn", "timeStamp": UTC, "t-PDU-direction": "to-target"}
    yield "hi3-umts", content(m.Umts_HI3_PS, "CC_PDU", "uLIC-header", umts), {
        "protocol": "hi3", "liid": "LI-UMTS", "towards": "to-target", "content": IP.hex(), "time": "2026-01-15T12:00:00.000000000Z"}
    conf = {"hi3DomainId": m.CONF_HI3_IMS.hi3confDomainId.get_val(), "lIID": b"LI-CONF", "correlation": ("correlationNumber", b"\x01\x02"),
            **seq()}
    yield "hi3-conference", content(m.CONF_HI3_IMS, "Conf_CC_PDU", "confLIC-header", conf), {
        "protocol": "hi3", "liid": "LI-CONF", "sequence": 7, "content": IP.hex()}
    voip = {"hi3voipDomainId": m.VoIP_HI3_IMS.hi3voipDomainId.get_val(), "lIID": b"LI-VOIP", "voipCorrelationNumber": b"call-1", **seq()}
    yield "hi3-voip", content(m.VoIP_HI3_IMS, "Voip_CC_PDU", "voipLIC-header", voip), {
        "protocol": "hi3", "liid": "LI-VOIP", "sequence": 7, "content": IP.hex()}
    gcse = {"hi3gcseDomainId": m.GCSE_HI3.hi3gcseDomainId.get_val(), "lIID": b"LI-GCSE", "correlation": b"group-1", **seq()}
    yield "hi3-gcse", content(m.GCSE_HI3, "Gcse_CC_PDU", "gcseLIC-header", gcse), {
        "protocol": "hi3", "liid": "LI-GCSE", "sequence": 7, "content": IP.hex()}
    mms = {"hi3MmsDomainId": m.Mms_HI3_PS.hi3DomainId.get_val(), "lIID": b"LI-MMS", "mMSCorrelationNNumber": b"mm-1", "timeStamp": WHEN,
           "t-PDU-direction": "from-target", "mMSVersion": 1, "transactionID": "t-1"}
    yield "hi3-mms", content(m.Mms_HI3_PS, "CC_PDU", "mmSLIC-header", mms, b"To: +33612345678\r\n\r\nhello"), {
        "protocol": "hi3", "liid": "LI-MMS", "towards": "from-target", "time": "2026-01-15T12:00:00.000000000Z"}
    who = {"communication-Identity-Number": b"42",
           "network-Identifier": {"operator-Identifier": b"OP1", "network-Element-Identifier": ("x25-Format", b"\x01\x02")}}
    voice = {"hi3CSvoiceDomainId": m.CSvoice_HI3_IP.hi3CSvoiceDomainId.get_val(), "lIID": b"LI-CS", "communicationIdentifier": who,
             **seq(), "payload-description": {"copyOfSDPdescription": b"v=0"}}
    yield "hi3-cs-voice", content(m.CSvoice_HI3_IP, "CSvoice_CC_PDU", "cSvoiceLIC-header", voice, b"\x80\x00" + bytes(170)), {
        "protocol": "hi3", "liid": "LI-CS", "sequence": 7}

    base = {"lawfulInterceptionIdentifier": b"LI-IRI", "timeStamp": WHEN}

    def target(qualifier):
        return party(qualifier, {"imei": IMEI, "imsi": IMSI, "msISDN": MSISDN})

    people = {"imsi": "208110000000123", "liid": "LI-IRI", "time": "2026-01-15T12:00:00.000000000Z"}
    eps = {**base, "hi2epsDomainId": m.EpsHI2Operations.hi2epsDomainId.get_val(), "partyInformation": [target("gPRSorEPS-Target")],
           "ePSCorrelationNumber": bytes(8)}
    yield "hi2-eps", record(m.EpsHI2Operations, "EpsIRIContent", eps), {"protocol": "hi2", **people, "location": False}
    placed = {**eps, "ePS-GTPV2-specificParameters": {"ePSlocationOfTheTarget": PLACE_EPS}}
    yield "hi2-eps-place", record(m.EpsHI2Operations, "EpsIRIContent", placed, "iRI-Report-record"), {"protocol": "hi2", **people, "location": True}
    other = {**eps, "ePS-GTPV2-specificParameters": {"aPN": b"internet"}}
    yield "hi2-eps-apn", record(m.EpsHI2Operations, "EpsIRIContent", other), {"protocol": "hi2", **people, "location": False}
    m.EpsHI2Operations.EpsIRIsContent.set_val(("epsIRISequence", [("iRI-Begin-record", {k: v for k, v in eps.items() if k != "partyInformation"}),
                                                                 ("iRI-Report-record", placed)]))
    yield "hi2-eps-sequence", m.EpsHI2Operations.EpsIRIsContent.to_ber().hex(), {"protocol": "hi2", **people, "location": True}
    cell = {"globalCellID": bytes.fromhex("02f80100010001")}
    umts_iri = {**base, "hi2DomainId": m.UmtsHI2Operations.hi2DomainId.get_val(), "iRIversion": "lastVersion", "partyInformation": [target("gPRS-Target")]}
    yield "hi2-umts-version", record(m.UmtsHI2Operations, "UmtsIRIContent", {**umts_iri, "locationOfTheTarget": cell}), {
        "protocol": "hi2", **people, "location": True}
    cs = {**base, "hi2CSDomainId": m.UmtsCS_HI2Operations.hi2CSDomainId.get_val(), "communicationIdentifier": who,
          "intercepted-Call-Direct": "originating-Target"}
    yield "hi2-cs", record(m.UmtsCS_HI2Operations, "UmtsCS_IRIContent", cs), {
        "protocol": "hi2", "liid": "LI-IRI", "time": people["time"], "location": False}
    etsi = {**base, "domainID": m.HI2Operations.hi2OperationId.get_val(), "iRIversion": "lastVersion", "communicationIdentifier": who,
            "locationOfTheTarget": cell}
    yield "hi2-etsi", record(m.HI2Operations, "IRIContent", etsi), {
        "protocol": "hi2", "liid": "LI-IRI", "time": people["time"], "location": True}
    wlan = {**base, "hi2iwlanDomainId": m.IWLANUmtsHI2Operations.hi2wlanDomainId.get_val(),
            "partyInformation": [party("iWLAN-Target", {"imsi": IMSI})]}
    yield "hi2-wlan", record(m.IWLANUmtsHI2Operations, "IWLANUmtsIRIContent", wlan), {"protocol": "hi2", **people, "location": False}
    mbms = {**base, "hi2mbmsDomainId": m.MBMSUmtsHI2Operations.hi2mbmsDomainId.get_val(),
            "partyInformation": [party("mBMS-Target", {"imsi": IMSI})]}
    yield "hi2-mbms", record(m.MBMSUmtsHI2Operations, "MBMSUmtsIRIContent", mbms), {"protocol": "hi2", **people, "location": False}
    gc = {**base, "hi2gcseDomainId": m.GCSEHI2Operations.hi2gcseDomainId.get_val(), "partyInformation": [{"imei": IMEI, "imsi": IMSI}],
          "networkIdentifier": who["network-Identifier"], "gcseEvent": "activationOfGcseGroupComms",
          "gcseLocationOfTheTarget": PLACE_EPS}
    yield "hi2-gcse", record(m.GCSEHI2Operations, "GcseIRIContent", gc), {"protocol": "hi2", **people, "location": True}
    cf = {**base, "hi2confDomainId": m.CONFHI2Operations.hi2confDomainId.get_val(), "confEvent": "confStartSuccessfull"}
    yield "hi2-conference", record(m.CONFHI2Operations, "ConfIRIContent", cf), {
        "protocol": "hi2", "liid": "LI-IRI", "time": people["time"], "location": False}
    mm = {**base, "hi2mmsDomainId": m.MmsHI2Operations.hi2mmsDomainId.get_val(), "locationOfTheTarget": cell,
          "partyInformation": [party("mMS-Target", {"iMSI": IMSI})]}
    yield "hi2-mms", record(m.MmsHI2Operations, "MmsIRIContent", mm), {"protocol": "hi2", **people, "location": True}

    x = LIX3GPP.TS33128Payloads
    oid = x.xIRIPayloadOID.get_val()
    where = {"locationInfo": {"userLocation": {"eUTRALocation": {
        "tAI": {"pLMNID": {"mCC": "208", "mNC": "01"}, "tAC": bytes.fromhex("0001")},
        "eCGI": {"pLMNID": {"mCC": "208", "mNC": "01"}, "eUTRACellID": (0x12345, 28)}}}}}
    update = {"sUPI": ("iMSI", "208110000000123"), "location": where}
    for name, event, location in (("place", ("locationUpdate", update), True), ("no-place", ("pDUSessionModification", {"pDUSessionID": 5, "requestType": "modificationRequest"}), False)):
        yield f"x2-33128-{name}", encode(x.XIRIPayload, {"xIRIPayloadOID": oid, "event": event}), {"location": location}


if __name__ == "__main__":
    out = [{"name": n, "hex": h, "expect": e} for n, h, e in vectors()]
    print(json.dumps({"madeBy": "pycrate 0.8.1 (test/oracle/handover/generate.py)", "vectors": out}, indent=2))
