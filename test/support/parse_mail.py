"""Reads messages with Python's email package and tells their structure as JSON: an opinion independent of ours.

Input: for each message its length in ASCII, a line feed, its bytes. Output: one JSON list.
Each part: headers (names as written, values decoded), type, params, defects, and one of
parts (multipart, message/rfc822), groups (delivery status), content (base64 of the decoded body).
"""
import base64
import email
import email.policy
import io
import json
import quopri
import sys
from email.generator import BytesGenerator
from email.header import decode_header, make_header


def decoded(value):
    value = str(value)
    try:
        value = value.encode('utf-8', 'surrogateescape').decode('utf-8', 'replace')
        return str(make_header(decode_header(value.replace('\r\n', ''))))
    except Exception:
        return value


def raw(message):
    out = io.BytesIO()
    BytesGenerator(out, mangle_from_=False, maxheaderlen=0, policy=email.policy.compat32.clone(linesep='\r\n')).flatten(message)
    return out.getvalue()


def undo(encoding, data):
    encoding = (encoding or '7bit').lower()
    if encoding == 'base64':
        return base64.b64decode(data)
    if encoding == 'quoted-printable':
        return quopri.decodestring(data)
    return data


def headers(message):
    return [[name, decoded(value)] for name, value in message.raw_items()]


def tell(part):
    kind = part.get_content_type()
    told = {
        'headers': headers(part),
        'type': kind,
        'params': {key: part.get_param(key) if isinstance(part.get_param(key), str) else '' for key, _ in (part.get_params() or [])[1:]},
        'charset': part.get_content_charset(),
        'defects': [type(defect).__name__ for defect in part.defects],
    }
    if kind.startswith('message/global'):
        inner = undo(part.get('content-transfer-encoding'), raw(part.get_payload()[0]))
        if kind == 'message/global':
            told['parts'] = [tell(email.message_from_bytes(inner))]
        else:
            groups = inner.replace(b'\r\n', b'\n').strip(b'\n').split(b'\n\n')
            told['groups'] = [headers(email.message_from_bytes(group + b'\n\n')) for group in groups]
    elif kind == 'message/delivery-status':
        told['groups'] = [headers(group) for group in part.get_payload()]
    elif part.is_multipart():
        told['parts'] = [tell(child) for child in part.get_payload()]
        told['preamble'] = part.preamble
    else:
        told['content'] = base64.b64encode(part.get_payload(decode=True) or b'').decode('ascii')
    return told


source = sys.stdin.buffer
result = []
while True:
    length = source.readline()
    if not length:
        break
    result.append(tell(email.message_from_bytes(source.read(int(length)))))
json.dump(result, sys.stdout)
