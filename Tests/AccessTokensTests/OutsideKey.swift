/// Keys of a token server that is not ours, and tokens that it has made: by another program, so that ours is not its own judge.
struct OutsideKey: Sendable, CustomStringConvertible {
    let algorithm: String
    let pem: String
    let certificate: String?
    let jwk: String
    let thumbprint: String
    /// The name that its token uses.
    let kid: String
    let token: String

    var description: String { algorithm }

    static let all = [es256, es384, rs256, edDSA]

    static let es256 = OutsideKey(
        algorithm: "ES256",
        pem: """
            -----BEGIN PUBLIC KEY-----
            MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEE1zVoyQgKRLdA3VWnJ7LLyQ7KL47
            SyTX0e29NND70vUVqikOZes5rVC7UF2RurVg9oGgwyBL2INmbqN02h5A6Q==
            -----END PUBLIC KEY-----
            """,
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBGzCBwaADAgECAgEHMAoGCCqGSM49BAMCMBcxFTATBgNVBAMMDHRva2VuIHNl
            cnZlcjAeFw0xNDAxMDEwMDAwMDBaFw0xNTAxMDEwMDAwMDBaMBcxFTATBgNVBAMM
            DHRva2VuIHNlcnZlcjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBNc1aMkICkS
            3QN1Vpyeyy8kOyi+O0sk19HtvTTQ+9L1FaopDmXrOa1Qu1Bdkbq1YPaBoMMgS9iD
            Zm6jdNoeQOkwCgYIKoZIzj0EAwIDSQAwRgIhANWxwCW9po6c2teec9KZ23BPAWqD
            Q3Ayg+mJJ+iGgU1zAiEA88QQDA46ArQ6XaEFbKJr6o2blDn4NELrD/DhuY0BUn0=
            -----END CERTIFICATE-----
            """,
        jwk: """
            {"crv":"P-256","kty":"EC","x":"E1zVoyQgKRLdA3VWnJ7LLyQ7KL47SyTX0e29NND70vU","y":"FaopDmXrOa1Qu1Bdkbq1YPaBoMMgS9i\
            DZm6jdNoeQOk"}
            """,
        thumbprint: "EKk9k_Pw7TG-MrMHMFQf0GX7svFsyJ9ybJKPzYhG1t0",
        kid: "ULMI:Z4GA:W5OY:SNQD:33O7:CHYD:5TMO:D73T:MSRM:BLLP:AFVT:4GSO",
        token: """
            eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiIsImtpZCI6IlVMTUk6WjRHQTpXNU9ZOlNOUUQ6MzNPNzpDSFlEOjVUTU86RDczVDpNU1JNOkJMTFA6\
            QUZWVDo0R1NPIn0.eyJpc3MiOiJodHRwczovL2F1dGguZXhhbXBsZS5jb20iLCJzdWIiOiJhbGljZSIsImF1ZCI6InJlZ2lzdHJ5LmV4YW1wbGUu\
            Y29tIiwiZXhwIjoxNDAwMDAwMzAwLCJuYmYiOjEzOTk5OTk5OTAuNSwiaWF0IjoxNDAwMDAwMDAwLCJqdGkiOiJvbmUiLCJhY2Nlc3MiOlt7InR5\
            cGUiOiJyZXBvc2l0b3J5IiwiY2xhc3MiOiIiLCJuYW1lIjoidGVhbS9hcHAiLCJhY3Rpb25zIjpbInB1bGwiLCJwdXNoIl19XX0.rrHuUwNCBwXk\
            Y8kv4Jn4KL9cNTrfgvAwQYz6a3Vd-KMiqYXJedErwT6tMF_bCfnbSZbv-BPozLvQiTzUhx3LXg
            """)

    static let es384 = OutsideKey(
        algorithm: "ES384",
        pem: """
            -----BEGIN PUBLIC KEY-----
            MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAECSlyrR2eFE3sZFvHhzUnSdXW4yuDEk3Y
            Wu2QV1dacnXVIQLh3miKNqg+kA56adgdwxqMb+tBw19/55eQ6wu/XceiJDqEewOS
            0pxHwb5D9Gcp5EUxg1Al224ZeS3R62z/
            -----END PUBLIC KEY-----
            """,
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBVzCB3qADAgECAgEHMAoGCCqGSM49BAMCMBcxFTATBgNVBAMMDHRva2VuIHNl
            cnZlcjAeFw0xNDAxMDEwMDAwMDBaFw0xNTAxMDEwMDAwMDBaMBcxFTATBgNVBAMM
            DHRva2VuIHNlcnZlcjB2MBAGByqGSM49AgEGBSuBBAAiA2IABAkpcq0dnhRN7GRb
            x4c1J0nV1uMrgxJN2FrtkFdXWnJ11SEC4d5oijaoPpAOemnYHcMajG/rQcNff+eX
            kOsLv13HoiQ6hHsDktKcR8G+Q/RnKeRFMYNQJdtuGXkt0ets/zAKBggqhkjOPQQD
            AgNoADBlAjEAxRrtqCk8tpy+1pKGelQCtGrJSHDsA8TUCT+vEbsC4+Q7N+8lTn93
            WEb8JOW4LDThAjBYpGFH7yTNSlLYkbtDE48QnplwGk7EuBR3klbvJqaZk9NxsqVj
            hwDUHbj/CW1ArkM=
            -----END CERTIFICATE-----
            """,
        jwk: """
            {"crv":"P-384","kty":"EC","x":"CSlyrR2eFE3sZFvHhzUnSdXW4yuDEk3YWu2QV1dacnXVIQLh3miKNqg-kA56adgd","y":"wxqMb-tBw1\
            9_55eQ6wu_XceiJDqEewOS0pxHwb5D9Gcp5EUxg1Al224ZeS3R62z_"}
            """,
        thumbprint: "sncy2JvetPeSNc-MdUugQJhOzljsBxqUM9l3--NXVuc",
        kid: "CKUV:MFEW:JT43:VHBE:YXCB:NEND:5PF5:6TSP:USQ3:Q3LC:JR2I:3EWP",
        token: """
            eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzM4NCIsImtpZCI6IkNLVVY6TUZFVzpKVDQzOlZIQkU6WVhDQjpORU5EOjVQRjU6NlRTUDpVU1EzOlEzTEM6\
            SlIySTozRVdQIn0.eyJpc3MiOiJodHRwczovL2F1dGguZXhhbXBsZS5jb20iLCJzdWIiOiJhbGljZSIsImF1ZCI6InJlZ2lzdHJ5LmV4YW1wbGUu\
            Y29tIiwiZXhwIjoxNDAwMDAwMzAwLCJuYmYiOjEzOTk5OTk5OTAuNSwiaWF0IjoxNDAwMDAwMDAwLCJqdGkiOiJvbmUiLCJhY2Nlc3MiOlt7InR5\
            cGUiOiJyZXBvc2l0b3J5IiwiY2xhc3MiOiIiLCJuYW1lIjoidGVhbS9hcHAiLCJhY3Rpb25zIjpbInB1bGwiLCJwdXNoIl19XX0.shT6zfKZ6p0f\
            VBMk3IoCQnHk-PXlUiHKSsYLb3Q5SKopNud07ACQsyfRJbZK4yp4-u3obU-8xTHRIW_Bb_ytkKAIROVtnan22xRGoBZ-7hb7g_2Y8gKRJW-rcFR7\
            oRgn
            """)

    static let rs256 = OutsideKey(
        algorithm: "RS256",
        pem: """
            -----BEGIN PUBLIC KEY-----
            MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuG4LKLnzlmwfrWU0pgJw
            AHACXH7+ifSq90GoxxKlDUGfRpkxEV75+lkEMSEof9Pa/9zej5BDQCnFa3AlJ++U
            NTNZS3fRpVsQaJ3iCQhVC9iQ6da3pGJtouc0RbaTyIZrKBsgV8MaLmpQtluqL2ZO
            IVbZ3PAOHW70J1rqmDZCCxGaXHCj/adiqZsES8b6lqraYNHyXlhU6bijic84QWTk
            jNSTAII9hBRQ+R17/+oxjLTrvoWpoWCFSe/5E4xZKt8WpAij2yI8TdnK0tyVRO5v
            Qb2dEod7Q82gglw74iHdovPNR6R8fZKCaEEJJPIAVsU2sgmZH4F0AeY1FzI6HBlF
            OQIDAQAB
            -----END PUBLIC KEY-----
            """,
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIICpzCCAY+gAwIBAgIBBzANBgkqhkiG9w0BAQsFADAXMRUwEwYDVQQDDAx0b2tl
            biBzZXJ2ZXIwHhcNMTQwMTAxMDAwMDAwWhcNMTUwMTAxMDAwMDAwWjAXMRUwEwYD
            VQQDDAx0b2tlbiBzZXJ2ZXIwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIB
            AQC4bgsoufOWbB+tZTSmAnAAcAJcfv6J9Kr3QajHEqUNQZ9GmTERXvn6WQQxISh/
            09r/3N6PkENAKcVrcCUn75Q1M1lLd9GlWxBoneIJCFUL2JDp1rekYm2i5zRFtpPI
            hmsoGyBXwxoualC2W6ovZk4hVtnc8A4dbvQnWuqYNkILEZpccKP9p2KpmwRLxvqW
            qtpg0fJeWFTpuKOJzzhBZOSM1JMAgj2EFFD5HXv/6jGMtOu+hamhYIVJ7/kTjFkq
            3xakCKPbIjxN2crS3JVE7m9BvZ0Sh3tDzaCCXDviId2i881HpHx9koJoQQkk8gBW
            xTayCZkfgXQB5jUXMjocGUU5AgMBAAEwDQYJKoZIhvcNAQELBQADggEBACcWqYW0
            KWeclvxV9o2ga1xk2VdMhhtnobgUC+EMUBtDjkwb2nM9lGwlSNnpugEHX+hh73my
            R6nIQL8kCjQb1yVCQ4/0Yp4YOXlt45dFpODkHO1W8Nk5frSiVmSyOYVZ9hTZn2Aa
            aqmJmP4RiSDU33cD5L+S/2/4UbWCMIa2DD0YXMQNyqjPPnFAT7T6GhjC7RUgE1ZI
            xQEG2+30iDwG01JWiCxuXrOiTBckkrjxpBVBFtiln1Kj2KJVfOFxmrQJ0gj/D6SS
            nQAOW8/dao7ksAAyj3vPCL+fmcCj7DjNkSXofs0QaaBTIpK/SNdhYKaIrsfsWQmS
            x19maqyDedinnl4=
            -----END CERTIFICATE-----
            """,
        jwk: """
            {"e":"AQAB","kty":"RSA","n":"uG4LKLnzlmwfrWU0pgJwAHACXH7-ifSq90GoxxKlDUGfRpkxEV75-lkEMSEof9Pa_9zej5BDQCnFa3AlJ--\
            UNTNZS3fRpVsQaJ3iCQhVC9iQ6da3pGJtouc0RbaTyIZrKBsgV8MaLmpQtluqL2ZOIVbZ3PAOHW70J1rqmDZCCxGaXHCj_adiqZsES8b6lqraYNH\
            yXlhU6bijic84QWTkjNSTAII9hBRQ-R17_-oxjLTrvoWpoWCFSe_5E4xZKt8WpAij2yI8TdnK0tyVRO5vQb2dEod7Q82gglw74iHdovPNR6R8fZK\
            CaEEJJPIAVsU2sgmZH4F0AeY1FzI6HBlFOQ"}
            """,
        thumbprint: "cNbCqzqZYmvBuqXYTYRDSHCYWzOiDFWFIKqKN0JBZtA",
        kid: "VJB5:3XSF:Z4TF:CAEV:YUWG:D3RD:RWYM:3OP5:Z7DU:JIIX:3F5Q:IOW4",
        token: """
            eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiIsImtpZCI6IlZKQjU6M1hTRjpaNFRGOkNBRVY6WVVXRzpEM1JEOlJXWU06M09QNTpaN0RVOkpJSVg6\
            M0Y1UTpJT1c0In0.eyJpc3MiOiJodHRwczovL2F1dGguZXhhbXBsZS5jb20iLCJzdWIiOiJhbGljZSIsImF1ZCI6InJlZ2lzdHJ5LmV4YW1wbGUu\
            Y29tIiwiZXhwIjoxNDAwMDAwMzAwLCJuYmYiOjEzOTk5OTk5OTAuNSwiaWF0IjoxNDAwMDAwMDAwLCJqdGkiOiJvbmUiLCJhY2Nlc3MiOlt7InR5\
            cGUiOiJyZXBvc2l0b3J5IiwiY2xhc3MiOiIiLCJuYW1lIjoidGVhbS9hcHAiLCJhY3Rpb25zIjpbInB1bGwiLCJwdXNoIl19XX0.RerjZdcrWcjz\
            3DmTM3CqjULf2IU58nTXXdxJtMTPQE2dElW83T559ZLD-a24sYHoWcKqCKKAtVk2hpVproHffLQxVNJ8Lo9ZHHg7YEDylLB7ML89MCuKtiopUoiq\
            SGi0hETdsvD5LpneTL5Vruv8F0ruAzXkjU9XQyWcQb-7TtQod7XNIHrTZqFL3LQly0ikvGnFui8evMbvaotnY1Q5WlR3hLX4wIGRLeok_Au1c1yZ\
            lxTFqgNmFw3dXIKJr5dCBd80EHEdd0tI796InT_SvqCRmsO5UIP5JE4LCLUtDC5e43pp3_J6Dj4tjeoJjuD8MkHzV6APLH67f-3im6bhvw
            """)

    static let edDSA = OutsideKey(
        algorithm: "EdDSA",
        pem: """
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VwAyEAeu08eRct3qzsgllBVaaUewuv4QnsTGmuLN42SEgI1Vc=
            -----END PUBLIC KEY-----
            """,
        certificate: nil,
        jwk: """
            {"crv":"Ed25519","kty":"OKP","x":"eu08eRct3qzsgllBVaaUewuv4QnsTGmuLN42SEgI1Vc"}
            """,
        thumbprint: "PNPGDE7e1c5owhPu9kchN1Xg2Rh_rCFk0OqUi_rcMuE",
        kid: "edDSA",
        token: """
            eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSIsImtpZCI6ImVkRFNBIn0.eyJpc3MiOiJodHRwczovL2F1dGguZXhhbXBsZS5jb20iLCJzdWIiOiJh\
            bGljZSIsImF1ZCI6InJlZ2lzdHJ5LmV4YW1wbGUuY29tIiwiZXhwIjoxNDAwMDAwMzAwLCJuYmYiOjEzOTk5OTk5OTAuNSwiaWF0IjoxNDAwMDAw\
            MDAwLCJqdGkiOiJvbmUiLCJhY2Nlc3MiOlt7InR5cGUiOiJyZXBvc2l0b3J5IiwiY2xhc3MiOiIiLCJuYW1lIjoidGVhbS9hcHAiLCJhY3Rpb25z\
            IjpbInB1bGwiLCJwdXNoIl19XX0.8HJkb9QUHmxFjQdi_jgwmN9YXErFtiLL3B-QBAFITnn5AoMyx-qm2SN0_WfIekEVtMAoBdsDqBr1o-VIKWUp\
            Cg
            """)

    /// RSA with 1024 bits, P-521.
    static let unusable = [
        """
        -----BEGIN PUBLIC KEY-----
        MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDa4hnoBLY8hr7XSKqJmT29KkhI
        sw9v6kZrt2Zd4Xv6e57r/hFImN7GLH5TQstV0mpMgpcPcVSSH3qriYXORlkN+W6x
        g43FD8xsNPDoC/i5FLVl0wToDCttFPrByEx9NoAV5O6quxe9+VvvVi5Ec85uSxTS
        A+7a5ahE+n8z/hYeGwIDAQAB
        -----END PUBLIC KEY-----
        """,
        """
        -----BEGIN PUBLIC KEY-----
        MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQB7dkohyOULEJbQNP/js9OKoFtmITN
        WDDSAhOzKcDH4yoFzO3ks6E2PePBEvwcBTkMkQKsH13IL/RLY054zswfJUsB3TUA
        R0wyQH7LYywWHUPEnCEfm6bXPQVN7+nJgkTY5TQOX+lEHX8i+Ubdmn9FM5mcxb3C
        Lt94TaZPCPG+g3NGH/M=
        -----END PUBLIC KEY-----
        """,
    ]
}
