"""Sends the frames of a pcap through an interface: replay.py INTERFACE CAPTURE PACKETS_PER_SECOND [TIMES]. Needs CAP_NET_RAW."""
import socket
import struct
import sys
import time

interface, path, rate = sys.argv[1], sys.argv[2], float(sys.argv[3])
times = int(sys.argv[4]) if len(sys.argv) > 4 else 1
data = open(path, "rb").read()
order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
frames, at = [], 24
while at + 16 <= len(data):
    captured = struct.unpack(order + "I", data[at + 8 : at + 12])[0]
    frames.append(data[at + 16 : at + 16 + captured])
    at += 16 + captured
sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
sender.bind((interface, 0))
began, sent = time.monotonic(), 0
for _ in range(times):
    for frame in frames:
        sender.send(frame)
        sent += 1
        ahead = began + sent / rate - time.monotonic()
        if ahead > 0.002:
            time.sleep(ahead)
print(sent)
