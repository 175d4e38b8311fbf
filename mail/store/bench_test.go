package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hopthu/mail"
)

// syllables are common Vietnamese ones; their mix makes believable subjects and texts.
var syllables = strings.Fields(`kế hoạch công tác tuần hộp thư điện tử thông báo mời họp giao ban báo cáo quý triển khai nghị
	quyết tỉnh ủy ban nhân dân sở nội vụ tài chính giáo dục đào tạo xây dựng phê duyệt dự án đầu tư văn bản chỉ đạo điều hành
	nguyễn văn trần thị lê hoàng phạm đức minh hùng dũng lan hương thanh bình về việc góp ý dự thảo quyết định tờ trình công văn
	khẩn hỏa tốc cuộc thi cải cách hành chính một cửa hồ sơ tiếp nhận giải quyết đơn thư khiếu nại tố cáo`)

func words(r *rand.Rand, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		// Syllables follow Zipf roughly: low numbers are common.
		k := int(float64(len(syllables)) * r.Float64() * r.Float64())
		b.WriteString(syllables[k])
	}
	return b.String()
}

func synthetic(r *rand.Rand, n int) Incoming {
	return letter(n, words(r, 8), func(h *mail.Head) {
		k := r.IntN(400)
		h.From = []mail.Address{{Name: words(r, 3), Addr: fmt.Sprintf("canbo%d@ninhbinh.example", k)}}
		h.To = []mail.Address{{Name: "Nguyễn Văn An", Addr: "an.nguyen@ninhbinh.example"}}
		h.Preview = words(r, 15)
		h.Received = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * 20 * time.Minute)
		if n%20 != 0 {
			h.Flags = mail.Seen
		}
		h.Duty = n%10 == 0
		if n > 10 && n%3 == 0 {
			h.InReplyTo = []string{fmt.Sprintf("m%d@ninhbinh.example", n-1-r.IntN(10))}
			h.References = h.InReplyTo
		}
	})
}

// fill100k puts n letters into the inbox in batches of 500, the newest batch first as the engine does.
func fillInbox(tb testing.TB, s *Store, n int) mail.FolderID {
	tb.Helper()
	ctx := context.Background()
	r := rand.New(rand.NewPCG(1, 2))
	if err := s.PutAccount(ctx, mail.Account{ID: me, Address: "an.nguyen@ninhbinh.example"}); err != nil {
		tb.Fatal(err)
	}
	if err := s.PutFolders(ctx, me, standardFolders()); err != nil {
		tb.Fatal(err)
	}
	f, _, err := s.FolderByRole(ctx, me, mail.RoleInbox)
	if err != nil {
		tb.Fatal(err)
	}
	for hi := n; hi > 0; hi -= 500 {
		var batch []Incoming
		for i := max(1, hi-499); i <= hi; i++ {
			batch = append(batch, synthetic(r, i))
		}
		if _, err := s.PutLetters(ctx, me, f.ID, batch, true); err != nil {
			tb.Fatal(err)
		}
	}
	for more := true; more; {
		var err error
		if more, err = s.IndexSome(ctx, 2000); err != nil {
			tb.Fatal(err)
		}
	}
	return f.ID
}

var big struct {
	once   sync.Once
	dir    string
	folder mail.FolderID
	took   time.Duration
}

// TestMain removes the large store that the benchmarks share, and turns into the helper of the crash tests.
func TestMain(m *testing.M) {
	if os.Getenv("HOPTHU_STORE_CRASH") != "" {
		crashHelper()
		return
	}
	code := m.Run()
	if big.dir != "" {
		if err := os.RemoveAll(big.dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// open100k opens a sealed store of 100,000 letters that is built once.
func open100k(b *testing.B) *Store {
	b.Helper()
	big.once.Do(func() {
		dir, err := os.MkdirTemp("", "hopthu-bench")
		if err != nil {
			b.Fatal(err)
		}
		big.dir = dir
		s, err := Open(context.Background(), filepath.Join(dir, "mail.db"), testKey, Options{})
		if err != nil {
			b.Fatal(err)
		}
		big.folder = fillInbox(b, s, 100_000)
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	})
	s, err := Open(context.Background(), filepath.Join(big.dir, "mail.db"), testKey, Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return s
}

func BenchmarkWindow100k(b *testing.B) {
	s := open100k(b)
	ctx := context.Background()
	l, err := s.List(ctx, mail.ListQuery{Folder: big.folder})
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	b.ReportAllocs()
	for b.Loop() {
		i := r.IntN(len(l.IDs) - 60)
		h, err := s.Heads(ctx, l.IDs[i:i+60])
		if err != nil || len(h) != 60 {
			b.Fatal(len(h), err)
		}
	}
}

func BenchmarkList100k(b *testing.B) {
	s := open100k(b)
	for _, v := range []struct {
		name string
		q    mail.ListQuery
	}{
		{"flat", mail.ListQuery{}},
		{"conversations", mail.ListQuery{View: mail.Conversations}},
		{"unread", mail.ListQuery{Filter: mail.Unread}},
		{"awaiting", mail.ListQuery{Filter: mail.Awaiting}},
	} {
		b.Run(v.name, func(b *testing.B) {
			v.q.Folder = big.folder
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.List(context.Background(), v.q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkOpenToList100k is what a start costs in this room: open, folders, list, first 60 heads.
func BenchmarkOpenToList100k(b *testing.B) {
	if err := open100k(b).Close(); err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	for b.Loop() {
		s, err := Open(ctx, filepath.Join(big.dir, "mail.db"), testKey, Options{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Folders(ctx, me); err != nil {
			b.Fatal(err)
		}
		l, err := s.List(ctx, mail.ListQuery{Folder: big.folder})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Heads(ctx, l.IDs[:60]); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSearch100k is one key of a phrase being typed.
func BenchmarkSearch100k(b *testing.B) {
	s := open100k(b)
	var keys []string
	for _, p := range []string{"hop thu dien tu", "thông báo mời họp", "ke hoach cong tac tuan", "quyết định phê duyệt", "nguyen van duc", "canbo12@ninh"} {
		for i := range p {
			if i > 0 {
				keys = append(keys, p[:i])
			}
		}
		keys = append(keys, p)
	}
	var took []time.Duration
	i := 0
	for b.Loop() {
		t0 := time.Now()
		if _, err := s.List(context.Background(), mail.ListQuery{Folder: big.folder, Text: keys[i%len(keys)]}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(t0))
		i++
	}
	quantiles(b, took)
}

func quantiles(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "max-ms")
}

// BenchmarkIngest stores batches of 500 letters' heads.
func BenchmarkIngest(b *testing.B) {
	s, err := Open(context.Background(), filepath.Join(b.TempDir(), "mail.db"), testKey, Options{})
	if err != nil {
		b.Fatal(err)
	}
	f := fillInbox(b, s, 1)
	r := rand.New(rand.NewPCG(1, 2))
	n := 1
	for b.Loop() {
		var batch []Incoming
		for range 500 {
			n++
			batch = append(batch, synthetic(r, n))
		}
		if _, err := s.PutLetters(context.Background(), me, f, batch, true); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n), "us/letter")
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}
