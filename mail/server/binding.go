package server

import (
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
)

// Bindings is what a login can be bound to on this connection, by the name of the channel binding: tls-exporter, in TLS
// 1.2 only with the extended master secret (RFC 9266 4.2), and tls-server-end-point (RFC 5929 4).
func (s *secured) Bindings() map[string][]byte {
	out := map[string][]byte{}
	cs := s.ConnectionState()
	if key, err := cs.ExportKeyingMaterial("EXPORTER-Channel-Binding", nil, 32); err == nil { // RFC 9266 2
		out["tls-exporter"] = key
	}
	if sum := endPoint(s.leaf); sum != nil {
		out["tls-server-end-point"] = sum
	}
	return out
}

// endPoint is the hash of a certificate by the hash of its own signature, SHA-256 in place of the broken ones; nil where
// the signature has no single hash (RFC 5929 4.1).
func endPoint(c *x509.Certificate) []byte {
	switch c.SignatureAlgorithm {
	case x509.MD5WithRSA, x509.SHA1WithRSA, x509.ECDSAWithSHA1, x509.SHA256WithRSA, x509.SHA256WithRSAPSS, x509.ECDSAWithSHA256:
		sum := sha256.Sum256(c.Raw)
		return sum[:]
	case x509.SHA384WithRSA, x509.SHA384WithRSAPSS, x509.ECDSAWithSHA384:
		sum := sha512.Sum384(c.Raw)
		return sum[:]
	case x509.SHA512WithRSA, x509.SHA512WithRSAPSS, x509.ECDSAWithSHA512:
		sum := sha512.Sum512(c.Raw)
		return sum[:]
	}
	return nil
}
