package theme

// sixteen are the palettes for terminals of sixteen colours, as numbers of those. The nearest of sixteen to a well chosen
// colour is seldom readable on the nearest to its ground (bright red on cyan, say), so these are chosen for themselves.
// A selected row is as a rule white on blue; the grounds of top line and dialogs are that of the page.
var sixteen = map[Name]palette{
	Dark: {
		bg: "0", top: "0", sel: "4", soft: "0", box: "0",
		fg: "7", dim: "6", accent: "14", agency: "10", warn: "11", danger: "9", good: "2",
		onSel: "15", selDim: "7", selAccent: "14", selWarn: "11", selDanger: "15", selGood: "10",
		rul: "6",
	},
	Light: {
		bg: "15", top: "15", sel: "4", soft: "15", box: "15",
		fg: "0", dim: "0", accent: "4", agency: "5", warn: "1", danger: "1", good: "0",
		onSel: "15", selDim: "7", selAccent: "14", selWarn: "11", selDanger: "15", selGood: "10",
		rul: "0",
	},
	Contrast: {
		bg: "0", top: "0", sel: "15", soft: "0", box: "0",
		fg: "15", dim: "15", accent: "14", agency: "10", warn: "11", danger: "11", good: "10",
		onSel: "0", selDim: "0", selAccent: "0", selWarn: "0", selDanger: "0", selGood: "0",
		rul: "15",
	},
}
