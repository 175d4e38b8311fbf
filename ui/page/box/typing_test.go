package box_test

import (
	"testing"

	"hopthu/ui/uitest"
)

// Search words are typed with diacritics, and end with the key that ends the search.
func TestSearchInVietnamese(t *testing.T) {
	s := start(t, uitest.Sample(), 80, 24)
	s.Press("/")
	s.Want("VI Telex")
	s.Type("ddaafu tuw")
	s.Want("Tìm: đầu tư")
	s.Type(" report")
	s.Press("enter")
	s.WantNot("VI Telex")
	s.Want("đầu tư report")
	s.Press("esc")
	s.Type("/")
	s.Type("giao ")
	s.Paste("ddaafu")
	s.Want("Tìm: giao ddaafu")
}
