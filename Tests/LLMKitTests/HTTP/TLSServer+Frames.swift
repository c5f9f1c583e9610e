extension TLSServer {
    /// Writes frames of HTTP/2 as a test needs them, several at once, which no library's server does on demand.
    ///
    /// What a request gets is told by the first byte of its body: `h` the beginning of an answer that hangs, `e` an answer of
    /// 26,000 bytes in two frames, the second of which ends it.
    static let framesScript = """
        import os, socket, ssl, struct, sys, threading
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        context.set_alpn_protocols(["h2"])
        DATA, HEADERS, SETTINGS = 0, 1, 4
        ACK, END_STREAM, END_HEADERS = 1, 1, 4
        def frame(kind, flags, stream, payload=b""):
            return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload
        def serve(connection):
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            tls = context.wrap_bio(incoming, outgoing, server_side=True)
            def waiting(step):
                while True:
                    try: return step()
                    except ssl.SSLWantReadError:
                        connection.sendall(outgoing.read())
                        received = connection.recv(1 << 16)
                        if not received: raise ConnectionError
                        incoming.write(received)
            def read(count):
                piece = b""
                while len(piece) < count: piece += waiting(lambda: tls.read(count - len(piece)))
                return piece
            # Each piece is a record of TLS, and all of them arrive at once.
            def send(*pieces):
                for piece in pieces: tls.write(piece)
                connection.sendall(outgoing.read())
            waiting(tls.do_handshake)
            read(24)
            send(frame(SETTINGS, 0, 0))
            while True:
                size, kind, flags, stream = struct.unpack(">IBBI", bytes(1) + read(9))
                payload = read(size)
                if kind == SETTINGS and not flags & ACK: send(frame(SETTINGS, ACK, 0))
                if kind != DATA or not payload: continue
                # The first entry of HPACK's static table that is a status: 200.
                head = frame(HEADERS, END_HEADERS, stream, bytes([0x88]))
                if payload[:1] == b"h": send(head, frame(DATA, 0, stream, b"first"))
                if payload[:1] == b"e":
                    end = frame(DATA, END_STREAM, stream, bytes(10000))
                    send(head, frame(DATA, 0, stream, bytes(16000)), end)
        def quietly(connection):
            try: serve(connection)
            except OSError: pass
        server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        print(server.getsockname()[1], flush=True)
        while True: threading.Thread(target=quietly, args=(server.accept()[0],), daemon=True).start()
        """
}
