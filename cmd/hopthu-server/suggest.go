package main

import (
	"bufio"
	"context"
	_ "embed" // the schema
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"hopthu/mail"
	"hopthu/mail/server"
)

//go:embed schema/suggest.schema.json
var suggestSchema string

// Exit codes of judging commands, the same as those of hopthu check.
const (
	exitAsk   = 4
	exitBlock = 5
)

// verdict ends the program with an exit code and no further words.
type verdict int

func (v verdict) Error() string { return fmt.Sprintf("exit code %d", int(v)) }

// suggested is the JSON of user suggest; schema/suggest.schema.json describes it.
type suggested struct {
	Unit        suggestedUnit     `json:"unit"`
	Suggestions []suggestedPerson `json:"suggestions"`
}

type suggestedUnit struct {
	Name    string `json:"name"`
	Address string `json:"address"`
	Wire    string `json:"wire"`
}

type suggestedPerson struct {
	Name       string      `json:"name"`
	Verdict    string      `json:"verdict"`
	Address    string      `json:"address,omitempty"`
	Wire       string      `json:"wire,omitempty"`
	Number     int         `json:"number,omitempty"`
	Title      bool        `json:"title,omitempty"`
	Broken     string      `json:"broken,omitempty"`
	Collisions []collision `json:"collisions,omitempty"`
}

type collision struct {
	Name    string `json:"name"`
	Post    string `json:"post,omitempty"`
	Address string `json:"address"`
	Listed  bool   `json:"listed"`
}

func (p *program) suggestCommand() *cobra.Command {
	var unit string
	var asJSON, schema bool
	cmd := &cobra.Command{
		Use:   "suggest --unit UNIT NAME…",
		Short: "Địa chỉ sẽ cấp và người trùng tên / addresses that would be granted, and namesakes",
		Long: "Prints the address that each person would be given, in this order, and whose names lead to the same (QC 4.2).\n" +
			"Nothing is changed. A NAME \"-\" reads names from standard input, one a line.\n" +
			"Exit codes: 0 nobody else has these names, 4 there are namesakes, 5 a name cannot have an address.",
		Example: `  hopthu-server user suggest --json --unit "kh&đt" "Trần Văn Hùng" "Trần Văn Hưng"`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if schema {
				p.say(p.out, "%s", suggestSchema)
				return nil
			}
			names, err := namesOf(args, cmd.InOrStdin())
			if err != nil {
				return err
			}
			if unit == "" || len(names) == 0 {
				return errors.New("--unit and at least one name are needed")
			}
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				u, list, err := a.Suggest(ctx, unit, names)
				if err != nil {
					return err
				}
				return p.tellSuggestions(u, list, asJSON)
			})
		},
	}
	cmd.Flags().StringVar(&unit, "unit", "", "đơn vị / unit, by name or spelling")
	cmd.Flags().BoolVar(&asJSON, "json", false, "in ra JSON / print JSON")
	cmd.Flags().BoolVar(&schema, "schema", false, "in lược đồ của JSON / print the schema of the JSON")
	return cmd
}

const maxNames = 10000

const titleLeftOut = "bỏ học hàm, học vị, cấp bậc / title left out"

func namesOf(args []string, in io.Reader) (names []string, err error) {
	for _, a := range args {
		if a != "-" {
			names = append(names, a)
			continue
		}
		lines := bufio.NewScanner(in)
		for lines.Scan() {
			if s := strings.TrimSpace(lines.Text()); s != "" {
				names = append(names, s)
			}
		}
		if err := lines.Err(); err != nil {
			return nil, fmt.Errorf("read names: %w", err)
		}
	}
	if len(names) > maxNames {
		return nil, fmt.Errorf("more than %d names at once", maxNames)
	}
	return names, nil
}

func (p *program) tellSuggestions(u server.Unit, list []server.Suggestion, asJSON bool) error {
	out := suggested{Unit: suggestedUnit{u.Name, u.Address, u.Wire}, Suggestions: []suggestedPerson{}}
	code := 0
	for _, s := range list {
		one := suggestedPerson{
			Name: s.Name, Verdict: "pass", Address: s.Address, Wire: s.Wire, Number: s.Number, Title: s.Title, Broken: s.Broken,
		}
		for _, n := range s.Namesakes {
			one.Collisions = append(one.Collisions, collision(n))
		}
		switch {
		case s.Broken != "":
			one.Verdict, code = "block", exitBlock
		case len(s.Namesakes) > 0:
			one.Verdict, code = "ask", max(code, exitAsk)
		}
		out.Suggestions = append(out.Suggestions, one)
	}
	if asJSON {
		e := json.NewEncoder(p.out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(out); err != nil {
			return err
		}
	} else {
		for _, s := range list {
			p.tellSuggestion(s)
		}
	}
	if code != 0 {
		return verdict(code)
	}
	return nil
}

func (p *program) tellSuggestion(s server.Suggestion) {
	if s.Broken != "" {
		p.say(p.out, "%s: %s\n", s.Name, badName(s.Broken))
		return
	}
	p.say(p.out, "%s  %s", s.Address, s.Name)
	if s.Wire != s.Address {
		p.say(p.out, "  (login %s)", s.Wire)
	}
	if s.Title {
		p.say(p.out, "  (%s)", titleLeftOut)
	}
	p.say(p.out, "\n")
	for _, n := range s.Namesakes {
		where := n.Post
		if n.Listed {
			where = "trong danh sách này / earlier in this list"
		}
		p.say(p.out, "    trùng / collides with  %s  %s  %s\n", n.Address, n.Name, where)
	}
}

// badName says why a name cannot have an address.
func badName(code string) string {
	switch code {
	case "empty":
		return "chưa có tên / the name is empty"
	case "digit":
		return "họ tên không có chữ số / a name has no digits"
	case "character":
		return "họ tên có ký tự không dùng được / the name has a character that an address cannot hold"
	case "long":
		return "họ tên quá dài / the name is too long"
	}
	return "không còn số thứ tự / no number is free"
}

// badUnit says why a tendonvi cannot be one (QC 4.1), "" for another error.
func badUnit(err error) string {
	if mail.KindOf(err) != mail.BadAddress {
		return ""
	}
	switch mail.AsFault("add unit", err).Detail {
	case "character":
		return "tên viết tắt chỉ gồm chữ không dấu, đ, chữ số, & và -, không có dấu chấm (khoản 1 Điều 4) / letters without marks, đ, digits, & and - only, no dot"
	case "letter":
		return "tên viết tắt phải có chữ cái (khoản 1 Điều 4) / it has no letter"
	case "long":
		return "tên viết tắt quá dài / it is too long"
	case "empty":
		return "chưa có tên viết tắt / it is empty"
	}
	return ""
}
