package rule

import (
	"strings"
	"testing"
	"time"
)

// TestDeadlinePhrases has phrases of the kinds in deadlines.psv beyond its rows. They are read on Wednesday 10/7/2013, 9:00.
func TestDeadlinePhrases(t *testing.T) {
	c := VietNam()
	base := at(t, "2013-07-10T09:00")
	for _, r := range []struct{ text, want, phrase string }{
		{"gửi về Sở trước ngày 25/7 để tổng hợp", "2013-07-24T17:00", "trước ngày 25/7"},
		{"trước ngày 05/01 để tổng hợp", "2014-01-03T17:00", "trước ngày 05/01"},
		{"trước ngày 25-7-2013", "2013-07-24T17:00", ""},
		{"trước ngày 25.7.2013", "2013-07-24T17:00", ""},
		{"trước ngày 25/7/13.", "2013-07-24T17:00", ""},
		{"trước ngày 25 tháng 7 năm 2013", "2013-07-24T17:00", ""},
		{"trước ngày 25 tháng 7", "2013-07-24T17:00", ""},
		{"trước ngày 22/7/2013", "2013-07-19T17:00", ""}, // Monday: the Friday before
		{"trước 25/7/2013", "2013-07-24T17:00", ""},
		{"trước thứ Sáu, ngày 26/7/2013", "2013-07-25T17:00", ""},
		{"trước ngày thứ Sáu (26/7/2013)", "2013-07-25T17:00", ""},
		{"truoc ngay 25/7/2013", "2013-07-24T17:00", ""},
		{"tr\u00adước ngày 25/7/2013", "2013-07-24T17:00", ""}, // a soft hyphen inside
		{"trước\nngày 25/7/2013", "2013-07-24T17:00", "trước\nngày 25/7/2013"},
		{"trước 16 giờ 30 phút ngày 12/7/2013", "2013-07-12T16:30", ""},
		{"trước 16h ngày 12/7", "2013-07-12T16:00", ""},
		{"trước 4 giờ chiều ngày 12/7/2013", "2013-07-12T16:00", ""},
		{"trước 16:00 ngày 12/7/2013", "2013-07-12T16:00", ""},
		{"xong trước 11h30 sáng, ngày 12/7/2013", "2013-07-12T11:30", ""},
		{"trước 16 giờ hôm nay", "2013-07-10T16:00", ""},
		{"chậm nhất là ngày mai", "2013-07-11T17:00", ""},
		{"chậm nhất đến ngày 30/7/2013", "2013-07-30T17:00", "chậm nhất đến ngày 30/7/2013"},
		{"chậm nhất là ngày 28/7/2013", "2013-07-26T17:00", ""}, // a Sunday
		{"Muộn nhất ngày 30/7/2013", "2013-07-30T17:00", ""},
		{"không muộn hơn ngày 30/7/2013", "2013-07-30T17:00", ""},
		{"Hạn nộp: 30/7/2013", "2013-07-30T17:00", ""},
		{"Hạn nộp hồ sơ: 10h00 ngày 30/7/2013", "2013-07-30T10:00", ""},
		{"thời hạn gửi báo cáo ngày 30/7/2013", "2013-07-30T17:00", ""},
		{"đến hết ngày 30/7", "2013-07-30T17:00", ""},
		{"trong ngày 12/7/2013", "2013-07-12T17:00", ""},
		{"ngay trong ngày 12/7/2013", "2013-07-12T17:00", ""},
		{"trong ngày hôm nay", "2013-07-10T17:00", ""},
		{"NGAY TRONG NGÀY", "2013-07-10T17:00", ""},
		{"trong thời hạn 05 (năm) ngày làm việc", "2013-07-17T17:00", "trong thời hạn 05 (năm) ngày làm việc"},
		{"không quá 03 ngày làm việc kể từ ngày nhận", "2013-07-15T17:00", ""},
		{"trong 01 ngày làm việc", "2013-07-11T17:00", ""},
		{"trong 0,5 ngày làm việc", "2013-07-10T17:00", ""},
		{"trong 1/2 ngày làm việc", "2013-07-10T17:00", ""},
		{"trong vòng 10 ngày kể từ ngày nhận được", "2013-07-22T17:00", "trong vòng 10 ngày"}, // the 20th is a Saturday
		{"trong thời hạn 15 (mười lăm) ngày", "2013-07-25T17:00", ""},
		{"trong thời hạn hai mươi (20) ngày làm việc", "2013-08-07T17:00", "trong thời hạn hai mươi (20) ngày làm việc"},
		{"hai mươi ngày làm việc", "2013-08-07T17:00", "hai mươi ngày làm việc"},
		{"mười hai ngày làm việc", "2013-07-26T17:00", "mười hai ngày làm việc"},
		{"trong thời hạn mười lăm ngày làm việc", "2013-07-31T17:00", ""},
		{"trong vòng ba mươi ngày", "2013-08-09T17:00", ""},
		{"trong thời hạn bốn mươi lăm ngày", "2013-08-26T17:00", ""},  // the 24th is a Saturday
		{"trong thời hạn sáu mươi (60) ngày", "2013-09-09T17:00", ""}, // the 8th is a Sunday
		{"trong vòng hai mươi tư giờ", "2013-07-11T09:00", ""},
		{"trong vòng 24 (hai mươi bốn) giờ", "2013-07-11T09:00", ""},
		{"chậm nhất sau 7 ngày", "2013-07-17T17:00", ""},
		{"trong vòng 2 tuần", "2013-07-24T17:00", ""},
		{"trong thời hạn 1 tháng", "2013-08-12T17:00", ""},
		{"trong vòng 48 giờ", "2013-07-12T09:00", ""},
		{"trong tuần này", "2013-07-12T17:00", ""},
		{"trong tháng 8 năm 2013", "2013-08-30T17:00", ""},
		{"cuối tháng 9/2013", "2013-09-30T17:00", ""},
		{"trong quý III/2013", "2013-09-30T17:00", ""},
		{"trong quý 4 năm 2013", "2013-12-31T17:00", ""},
		{"trước ngày 25 hằng tháng", "2013-07-24T17:00", ""},
		{"trước ngày 05 của mỗi tháng", "2013-08-02T17:00", ""},
		{"trước ngày 15 tháng cuối quý", "2013-09-13T17:00", ""},
		{"trước ngày 15/12 hàng năm", "2013-12-13T17:00", ""},
		{"trước ngày 20/6 hằng năm", "2014-06-19T17:00", ""},
		{"chậm nhất trước ngày 26/7/2013", "2013-07-25T17:00", ""},
		{"họp vào 14 giờ 00 ngày 25/7/2013", "", ""},
		{"Căn cứ Quyết định ngày 25/7/2013", "", ""},
		{"thời hạn ủy quyền từ ngày 01/8/2013", "", ""},
		{"tuần làm việc 5 ngày", "", ""},
		{"hội nghị diễn ra trong 3 ngày", "", ""},
		{"giới hạn 25/7", "", ""},
		{"trước ngày 45/7/2013", "", ""},
		{"trước đây, ngày 25/7/2013", "", ""},
		{"Giấy mời trước hết gửi các đồng chí", "", ""},
	} {
		got := Deadlines("Kính gửi các Sở\n\nĐề nghị "+r.text, base, c)
		if r.want == "" {
			if len(got) != 0 {
				t.Errorf("%q: %v", r.text, got)
			}
			continue
		}
		if len(got) != 1 || !got[0].Due.Equal(at(t, r.want)) || r.phrase != "" && got[0].Phrase != r.phrase {
			t.Errorf("%q: %v, want %s", r.text, got, r.want)
		}
		for _, d := range got {
			if text := "Kính gửi các Sở\n\nĐề nghị " + r.text; text[d.Start:d.Start+len(d.Phrase)] != d.Phrase {
				t.Errorf("%q: not at %d", r.text, d.Start)
			}
		}
	}
}

// TestDeadlinesLong: phrases are found wherever they stand in a long text, and a hostile one ends.
func TestDeadlinesLong(t *testing.T) {
	c := VietNam()
	base := at(t, "2013-07-10T09:00")
	filler := strings.Repeat("Ủy ban nhân dân tỉnh báo cáo kết quả thực hiện nhiệm vụ.\n", 5000)
	got := Deadlines(filler+"gửi trước ngày 25/7/2013.\n"+filler+"chậm nhất 30/7/2013\n", base, c)
	if len(got) != 2 || got[0].Due.Day() != 24 || got[1].Due.Day() != 30 {
		t.Errorf("in a long text: %v", got)
	}
	for _, unit := range []string{"trước ngày 1/", "chậm nhất ", "trong ", "trước ngày 25/7/2013 ", "hạn: ", "3 ngày làm việc\n"} {
		Deadlines(strings.Repeat(unit, 200_000), base, c)
	}
	if d := Deadlines("trước ngày 25/7/2013", base, c)[0]; !d.Named.Equal(time.Date(2013, 7, 25, 0, 0, 0, 0, Zone)) || d.Timed {
		t.Errorf("named day: %+v", d)
	}
}

func BenchmarkDeadlines(b *testing.B) {
	c := VietNam()
	base := time.Date(2013, 7, 10, 9, 0, 0, 0, Zone)
	text := strings.Repeat(strings.Repeat("Ủy ban nhân dân tỉnh báo cáo kết quả thực hiện nhiệm vụ.\n", 40)+"Gửi về Sở trước ngày 25/7/2013.\n", 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Deadlines(text, base, c)
	}
}

// TestHalfDayOfRest: half a working day counts from the next one when the letter came on a day of rest.
func TestHalfDayOfRest(t *testing.T) {
	got := Deadlines("trong 0,5 ngày làm việc", at(t, "2013-07-20T09:00"), VietNam())
	if len(got) != 1 || !got[0].Due.Equal(at(t, "2013-07-22T17:00")) {
		t.Errorf("got %+v", got)
	}
}
