"""Slack's end of a Socket Mode connection, with as little work of its own as can be (RFC 6455)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import secrets
import socket
import struct
import threading
import time
from typing import Any

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, PING, PONG = 0x81, 0x89, 0x8A
SHORT, LONG = 126, 127
MASK_KEY = 4
PATIENCE = 30.0


class Link:
    """Takes one app's connection; envelopes are sent later, from an event loop."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"ws://127.0.0.1:{self._listener.getsockname()[1]}/link"
        self._socket: socket.socket | None = None
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        taken, _ = self._listener.accept()
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += taken.recv(1024)
        lines = (line.partition(": ") for line in head.decode().split("\r\n"))
        key = next(value for name, _, value in lines if name.lower() == "sec-websocket-key")
        accepted = base64.b64encode(hashlib.sha1((key + MAGIC).encode()).digest()).decode()
        hello = _frame(TEXT, json.dumps({"type": "hello", "num_connections": 1}).encode())
        upgrade = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        taken.sendall(f"{upgrade}Sec-WebSocket-Accept: {accepted}\r\n\r\n".encode() + hello)
        self._socket = taken

    async def open(self) -> Wire:
        assert self._socket is not None, "the app has not connected"
        return Wire(*await asyncio.open_connection(sock=self._socket.dup()))


class Wire:
    """The connection in an event loop's hands."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._sent: dict[str, tuple[float, asyncio.Future[tuple[float, bool]]]] = {}
        self._listening = asyncio.create_task(self._listen())

    def close(self) -> None:
        self._listening.cancel()
        self._writer.close()

    async def send(self, kind: str, payload: dict[str, Any]) -> tuple[float, bool]:
        """The seconds until it was acknowledged, and whether that carried anything."""
        envelope_id = secrets.token_hex(16)
        envelope = {"envelope_id": envelope_id, "type": kind, "accepts_response_payload": True, "payload": payload}
        frame = _frame(TEXT, json.dumps(envelope).encode())
        ended = asyncio.get_running_loop().create_future()
        self._sent[envelope_id] = time.perf_counter(), ended
        self._writer.write(frame)
        return await asyncio.wait_for(ended, PATIENCE)

    async def _listen(self) -> None:
        while True:
            opcode, data = await self._read()
            if opcode == PING:
                self._writer.write(_frame(PONG, data))
            elif opcode == TEXT:
                acknowledged = json.loads(data)
                begun, ended = self._sent.pop(acknowledged["envelope_id"])
                ended.set_result((time.perf_counter() - begun, bool(acknowledged.get("payload"))))

    async def _read(self) -> tuple[int, bytes]:
        opcode, length = await self._reader.readexactly(2)
        length &= 0x7F
        if length == SHORT:
            (length,) = struct.unpack("!H", await self._reader.readexactly(2))
        elif length == LONG:
            (length,) = struct.unpack("!Q", await self._reader.readexactly(8))
        key = await self._reader.readexactly(MASK_KEY)
        masked = await self._reader.readexactly(length)
        return opcode, bytes(byte ^ key[n % MASK_KEY] for n, byte in enumerate(masked))


def _frame(opcode: int, data: bytes) -> bytes:
    length = len(data)
    if length < SHORT:
        return bytes([opcode, length]) + data
    if length < 1 << 16:
        return bytes([opcode, SHORT]) + struct.pack("!H", length) + data
    return bytes([opcode, LONG]) + struct.pack("!Q", length) + data
