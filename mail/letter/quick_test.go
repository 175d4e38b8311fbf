package letter

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"
)

// slowCRLF goes octet by octet.
func slowCRLF(b []byte) []byte {
	c := &crlfReader{}
	for _, x := range b {
		c.octet(x)
	}
	c.ends()
	return c.buf
}

// slowBase64 goes octet by octet.
func slowBase64(b []byte) (out []byte, torn bool) {
	var d base64Decoder
	for i := range b {
		out = d.decode(out, b[i:i+1])
	}
	return d.finish(out), d.torn
}

func FuzzWholePiecesAreOctets(f *testing.F) {
	for _, s := range []string{
		"", "a\r\nb\r\n", "a\nb\rc\r\rd\r\r\ne\n\r\n", "\r", "\n", "a\r", "a\r\n\r", "x\r\ny", "QUJD\r\nREVG\r\n", "QUJDRA==", "QU=JD====", "QUJ*DRA", "QQ==QQ==", "-_-_\n=", "A", "AB", "ABC",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		want := slowCRLF(b)
		for name, r := range map[string]io.Reader{"whole": bytes.NewReader(b), "one": iotest.OneByteReader(bytes.NewReader(b)), "half": iotest.HalfReader(bytes.NewReader(b))} {
			if got, err := io.ReadAll(CanonicalCRLF(r)); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: %q of %q, want %q %v", name, got, b, want, err)
			}
		}
		out, torn := slowBase64(b)
		if got, ok := decodeBase64(b); !bytes.Equal(got, out) || ok == torn {
			t.Errorf("%q of %q, want %q; torn %v, want %v", got, b, out, !ok, torn)
		}
		if got, err := io.ReadAll(&base64Reader{src: b}); err != nil || !bytes.Equal(got, out) {
			t.Errorf("read %q of %q, want %q %v", got, b, out, err)
		}
	})
}
