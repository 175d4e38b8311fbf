package viet

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
	"unicode"
)

// score says how Vietnamese a text looks. Only words with a letter beyond ASCII count: the others are the same in
// every candidate.
type score struct {
	valid, total int // weight (letters) of the words that are syllables, and of all words looked at
	letters      int // letters beyond ASCII in valid words
	words        int // all words, plain ones among them
	syllables    int // words that are syllables
	frequent     int // weight of valid words that every official letter has
}

// share is 0 for nothing Vietnamese, 1 for all; frequent words add up to a fifth.
func (s score) share() float64 {
	if s.total == 0 {
		return 0
	}
	return float64(s.valid)/float64(s.total) + 0.2*float64(s.frequent)/float64(s.total)
}

// fine reports text that reads well enough as it is.
func (s score) fine() bool { return s.total > 0 && float64(s.valid) >= maxPlain*float64(s.total) }

var frequentWords = set(`của và các nhân dân tỉnh kính gửi đề nghị báo cáo được đã có với cho là một những không về từ
	văn phòng ủy uỷ sở thực hiện ngày tháng năm việc như trên lưu nhận nơi thông tin quy định chế công tác người này đó
	để tại đến theo trong ngoài khi nếu thì mà cũng vẫn còn sẽ phải hội đồng cấp cơ quan đơn vị tổ chức cán bộ chức viên
	quản lý sử dụng hệ thống thư điện tử hộp mật khẩu số thứ hành chính nước giám đốc chủ tịch phó trưởng thủ ông bà anh
	chị xin cảm ơn trân trọng lại ra vào lên xuống trước sau giữa hai bốn sáu bảy tám chín mười trăm nghìn triệu đồng tỷ
	kết quả kế hoạch đầu tư tài nội bộ giáo dục đào tạo tế y xã huyện phường thành phố trấn thôn địa bàn phương xây dựng
	phát triển kinh nông nghiệp trường vụ việt độc lập tự hạnh phúc cộng hòa hoà nghĩa chuyển xử bản dự án họp mời đại
	biểu quyết nghị nghị luật điều khoản mục phần tiếp tục tổng hợp ý kiến góp đính kèm tệp nguyễn trần lê phạm vũ võ đặng
	bùi đỗ hồ ngô dương lý hà hương thị ngọc đức minh hùng hưng tuấn dũng sơn bình gia viễn`)

func scoreText(text string) score {
	var s score
	for w := range strings.FieldsFuncSeq(text, wordBreak) {
		s.add(w)
	}
	return s
}

// wordBreak splits at spaces, ASCII signs, controls (but the six where VISCII keeps capitals), and the quotation marks and dashes of good typography; every other sign
// stays in its word and makes it no syllable.
func wordBreak(r rune) bool {
	if r < 0x80 {
		return !asciiLetter(byte(r)) && visciiLow[byte(r)] == 0
	}
	switch r {
	case '“', '”', '‘', '’', '–', '—', '…', '•', '\u00a0', '\u2028', '\u2029', '\ufeff':
		return true
	}
	return false
}

func (s *score) add(w string) {
	v := judgedWord(w)
	if v.silent {
		return
	}
	s.words++
	if v.syllable {
		s.syllables++
	}
	if v.marked == 0 {
		return
	}
	s.total += v.n
	if v.syllable {
		s.valid += v.n
		s.letters += v.marked
		if v.frequent {
			s.frequent += v.n
		}
	}
}

// judged is what a word says about the encoding of its text.
type judged struct {
	word      string
	n, marked int // letters, and those beyond ASCII
	silent    bool
	syllable  bool
	frequent  bool
}

// lately keeps words judged before, each at the place of its hash: a language has some thousand syllables, and every text
// uses the same few hundred over and over.
var (
	lately     [1 << 12]atomic.Pointer[judged]
	latelySeed = maphash.MakeSeed()
)

// longestKept is the octets of a word that is kept: no syllable is longer.
const longestKept = 32

func judgedWord(w string) judged {
	if len(w) > longestKept {
		return judge(w)
	}
	at := &lately[maphash.String(latelySeed, w)%uint64(len(lately))]
	if v := at.Load(); v != nil && v.word == w {
		return *v
	}
	v := judge(strings.Clone(w))
	at.Store(&v)
	return v
}

func judge(w string) judged {
	v := judged{word: w}
	lower, mixed := 0, false
	for _, r := range w {
		v.n++
		if r >= 0x80 {
			v.marked++
		}
		switch {
		case unicode.IsUpper(r):
			mixed = mixed || lower > 0
		default:
			lower++
		}
	}
	v.syllable = !mixed && IsSyllable(w)
	v.silent = !v.syllable && lower == 0 && isAbbreviation(w) // UBND, HĐND: neither for nor against
	v.frequent = v.syllable && v.marked > 0 && frequentWords()[strings.ToLower(w)]
	return v
}

// isAbbreviation reports capitals such as HĐND or KHĐT, which say nothing about the encoding.
func isAbbreviation(w string) bool {
	for _, r := range w {
		if r >= 0x80 && r != 'Đ' {
			return false
		}
	}
	return true
}
