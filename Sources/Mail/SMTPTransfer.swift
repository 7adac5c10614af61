import CCurl

/// One conversation with a mail server by libcurl's easy interface. Used by one thread.
final class SMTPTransfer {
    /// Once for the process, before anything else of curl.
    private static let isReady = ccurl_global_init() == CURLE_OK

    private let message: MailMessage
    private let text: [UInt8]
    private let isCancelled: Flag
    private var sent = 0
    private var reply = ServerReply()

    init(_ message: MailMessage, text: [UInt8], isCancelled: Flag) {
        self.message = message
        self.text = text
        self.isCancelled = isCancelled
    }

    /// Blocks until the server has taken the message or something went wrong.
    func run(with server: MailServer) throws(MailError) {
        guard !isCancelled.isSet else { throw .cancelled }
        guard Self.isReady, let handle = curl_easy_init(), let readers = curl_slist_append(nil, message.to) else {
            throw .broken("libcurl does not start")
        }
        // Everything below lives until curl is through with it.
        let complaint = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        complaint.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        defer {
            curl_easy_cleanup(handle)
            curl_slist_free_all(readers)
            complaint.deallocate()
        }
        let options = CurlOptions(handle)
        configure(options, for: server)
        options.set(CURLOPT_MAIL_RCPT, readers)
        options.set(CURLOPT_ERRORBUFFER, complaint)
        attach(options)
        guard options.areTaken else { throw .broken("this libcurl lacks what is needed; it must be 7.85 or later, with SMTP and TLS") }
        let code = withExtendedLifetime(self) { curl_easy_perform(handle) }
        guard code != CURLE_OK else { return }
        let words = String(cString: complaint)
        throw error(code, words: words.isEmpty ? String(cString: curl_easy_strerror(code)) : words, server)
    }

    private func configure(_ options: CurlOptions, for server: MailServer) {
        options.set(CURLOPT_URL, server.address.description)
        options.set(CURLOPT_PROTOCOLS_STR, server.address.scheme.rawValue)
        // What a proxy is named by in the environment is not meant for this.
        options.set(CURLOPT_PROXY, "")
        // No signals: there are other threads.
        options.set(CURLOPT_NOSIGNAL, 1)
        options.set(CURLOPT_TIMEOUT_MS, server.timeout.milliseconds)
        options.set(CURLOPT_CONNECTTIMEOUT_MS, server.timeout.milliseconds)
        // The one above ends with the message; who does not answer QUIT then would hold us up for two minutes.
        options.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, server.timeout.milliseconds / 1000))
        options.set(CURLOPT_USE_SSL, Int(server.requiresTLS ? CURLUSESSL_ALL.rawValue : CURLUSESSL_NONE.rawValue))
        options.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        options.set(CURLOPT_SSL_VERIFYPEER, 1)
        options.set(CURLOPT_SSL_VERIFYHOST, 2)
        if let caFile = server.caFile { options.set(CURLOPT_CAINFO, caFile) }
        if let login = server.login {
            options.set(CURLOPT_USERNAME, login.user)
            options.set(CURLOPT_PASSWORD, login.password)
        }
        options.set(CURLOPT_MAIL_FROM, "<\(message.from)>")
        options.set(CURLOPT_UPLOAD, 1)
        options.set(CURLOPT_INFILESIZE_LARGE, offset: text.count)
    }

    /// The callbacks, whose last parameter is this object; ``run(with:)`` keeps it alive as long as they may be called.
    private func attach(_ options: CurlOptions) {
        let itself = Unmanaged.passUnretained(self).toOpaque()
        options.set(CURLOPT_READDATA, itself)
        options.set(CURLOPT_READFUNCTION) { buffer, size, count, transfer in
            guard let buffer, let transfer else { return 0 }
            return Unmanaged<SMTPTransfer>.fromOpaque(transfer).takeUnretainedValue().read(into: buffer, limit: size * count)
        }
        options.set(CURLOPT_HEADERDATA, itself)
        options.set(CURLOPT_HEADERFUNCTION) { buffer, size, count, transfer in
            guard let buffer, let transfer else { return 0 }
            let line = UnsafeRawBufferPointer(start: buffer, count: size * count)
            Unmanaged<SMTPTransfer>.fromOpaque(transfer).takeUnretainedValue().reply.append(line)
            return size * count
        }
        // What has no handler goes to standard output.
        options.set(CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count }
        options.set(CURLOPT_NOPROGRESS, 0)
        options.set(CURLOPT_XFERINFODATA, itself)
        options.setProgress { transfer, _, _, _, _ in
            guard let transfer else { return 0 }
            return Unmanaged<SMTPTransfer>.fromOpaque(transfer).takeUnretainedValue().isCancelled.isSet ? 1 : 0
        }
    }

    private func read(into buffer: UnsafeMutablePointer<CChar>, limit: Int) -> Int {
        let count = min(limit, text.count - sent)
        text.withUnsafeBytes { UnsafeMutableRawPointer(buffer).copyMemory(from: $0[sent...].prefix(count), count: count) }
        sent += count
        return count
    }

    private func error(_ code: CURLcode, words: String, _ server: MailServer) -> MailError {
        let secrets = server.login.map { Secrets($0) }
        func shown(_ text: String) -> String { LogText.line(secrets?.hidden(in: text) ?? text) }
        let spoken = shown(reply.text)
        return switch code {
        case CURLE_ABORTED_BY_CALLBACK: .cancelled
        case CURLE_OPERATION_TIMEDOUT: .timeout
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: .unreachable(shown(words))
        case CURLE_LOGIN_DENIED: .login(spoken)
        case CURLE_USE_SSL_FAILED, CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER,
            CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_ISSUER_ERROR:
            .tls(shown(words))
        default:
            if let refusal = reply.refusal { .refused(code: refusal, spoken) } else { .broken(shown(words)) }
        }
    }
}

extension UnsafeMutableRawPointer {
    fileprivate func copyMemory(from bytes: Slice<UnsafeRawBufferPointer>, count: Int) {
        UnsafeMutableRawBufferPointer(start: self, count: count).copyBytes(from: bytes)
    }
}

extension Duration {
    /// At least one, because for curl nought is for ever.
    fileprivate var milliseconds: Int {
        max(1, Int(clamping: components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000))
    }
}
