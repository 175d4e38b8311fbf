package read

import (
	"regexp"

	"hopthu/ui/kit"
)

var named = regexp.MustCompile(`(?:"([^"<>]*[^"<>\s][^"<>]*)"|([^"<>,;]*[^"<>,;\s]))\s*<[^<>]*>`)

// Names shortens recipients, as they stand in a draft, to the names among them, fit for one line.
func Names(to string) string { return named.ReplaceAllString(kit.Clean(to), "$1$2") }
