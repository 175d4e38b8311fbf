package province

// Entry is what the province's directory holds besides boxes (QC 6, 7.1a): what the Nơi nhận of a document names.
type Entry struct {
	Kind    string // "post", "group" or "publish"
	Name    string
	Box     string // of a post: the unit whose box it leads to, or the person
	Aliases []string
	Members []string // of a group: names of units, people and posts
}

// Entries are the groups, posts and places of publication; those that others name come first.
func Entries() []Entry {
	var offices, districts []string
	for _, u := range Units() {
		switch u.Group {
		case office:
			offices = append(offices, u.Name)
		case district:
			districts = append(districts, u.Name)
		}
	}
	return []Entry{
		{Kind: "post", Name: "Chánh Văn phòng UBND tỉnh", Box: "Văn phòng UBND tỉnh", Aliases: []string{"Chánh VP UBND tỉnh", "Chánh Văn phòng Ủy ban nhân dân tỉnh"}},
		{Kind: "post", Name: "Chủ tịch UBND tỉnh", Box: "Phùng Bá Thông", Aliases: []string{"CT UBND tỉnh"}},
		{
			Kind: "group", Name: "Các Phó Chủ tịch UBND tỉnh", Aliases: []string{"Các PCT UBND tỉnh"},
			Members: []string{"Kiều Thị Nhàn", "Thái Văn Lục"},
		},
		{
			Kind: "group", Name: "Chủ tịch, các Phó Chủ tịch UBND tỉnh", Aliases: []string{"Chủ tịch, các PCT UBND tỉnh", "Lãnh đạo UBND tỉnh", "Thường trực UBND tỉnh"},
			Members: []string{"Chủ tịch UBND tỉnh", "Kiều Thị Nhàn", "Thái Văn Lục"},
		},
		{
			Kind: "group", Name: "Các Sở, ban, ngành của tỉnh", Aliases: []string{"Các Sở, ban, ngành", "Các Sở", "Các sở, ban, ngành, đoàn thể tỉnh"},
			Members: offices,
		},
		{
			Kind: "group", Name: "UBND các huyện, thành phố", Aliases: []string{"UBND các huyện, thành phố, thị xã", "UBND các huyện", "Ủy ban nhân dân các huyện, thành phố"},
			Members: districts,
		},
		{Kind: "publish", Name: "Công báo tỉnh", Aliases: []string{"Công báo tỉnh Ninh Bình"}},
		{Kind: "publish", Name: "Cổng Thông tin điện tử tỉnh", Aliases: []string{"Cổng TTĐT tỉnh", "Cổng TTĐT", "Cổng TTĐT tỉnh Ninh Bình"}},
		{Kind: "publish", Name: "Website Chính phủ", Aliases: []string{"Cổng TTĐT Chính phủ"}},
	}
}
