package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"hopthu/mail/server"
)

// Exit codes of doctor beside 0.
const (
	exitBroken = 3
	exitSoon   = 4
)

func (p *program) doctorCommand() *cobra.Command {
	var o server.Checkup
	var asJSON bool
	cmd := &cobra.Command{
		Use: "doctor", Short: "Khám máy chủ: việc cần làm trước đứng đầu / what to do next",
		Long: "Looks at the data folder, its rights and its room, the certificate, the clock, the queue and the last backup, and\n" +
			"knocks at every door as a client would. It changes nothing. The most urgent line comes first.\n" +
			"Exit code: 0 fine (hints there may be), 4 something wants doing soon, 3 something is broken.\n" +
			"It does not read every letter: check does. Certificates by ACME are not offered: bring your own by cert_file.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := p.load()
			if err != nil {
				return err
			}
			list := server.Doctor(cmd.Context(), p.serverConfig(c), o)
			e := json.NewEncoder(p.out)
			for _, f := range list {
				if asJSON {
					if err := e.Encode(f); err != nil {
						return err
					}
					continue
				}
				word := map[server.Grade]string{server.Broken: "HỎNG/BROKEN", server.Soon: "SỚM/SOON", server.Hint: "gợi ý/hint", server.Fine: "tốt/fine"}[f.Grade]
				p.say(p.out, "%-12s %-12s %s\n", word, f.What, f.Found)
				if f.Next != "" {
					p.say(p.out, "%s→ %s\n", fmt.Sprintf("%26s", ""), f.Next)
				}
			}
			if len(list) > 0 {
				switch list[0].Grade {
				case server.Broken:
					return verdict(exitBroken)
				case server.Soon:
					return verdict(exitSoon)
				}
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Backup, "backup", "", "a backup, or the folder that backups are put into")
	f.BoolVar(&o.DNS, "dns", false, "also ask DNS for the names that clients look for")
	f.BoolVar(&asJSON, "json", false, "one JSON object a line")
	return cmd
}
