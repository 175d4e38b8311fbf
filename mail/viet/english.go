package viet

// english is words that Telex turns into something else and that are meant as they are: some become syllables that hardly
// anybody means, some lose a doubled letter to the undo rule. Words that are common in both languages ("car" for cả, "six"
// for sĩ) are not here: the person doubles the key or switches to EN.
var english = set(`test tests data zoom post posts reset virus as is or of os us tax box mix sos yes list lists
	food foot book look cook tool pool cool free need feed keep meet week deep user first text next exit extra fix ex proxy linux
	office officer offices official off offer offers offline staff stuff traffic traffics difference different difficult effect effects
	effort efforts coffee buffer suffix prefix affair affect cliff tariff
	class classes classic pass passed passes password passwords passport less business process processes success successful access
	address addresses press express stress glass cross across loss boss miss issue issues mission session sessions
	permission permissions commission lesson possible assess assets message messages discuss discussion necessary unless wireless
	error errors mirror mirrors correct current currency carry sorry tomorrow arrow arrows array borrow hurry narrow
	happy apply approve support app apps application appendix attach attached attachment attachments bill call cell full
	add added adding additional hidden middle`)
