package main

import (
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"hopthu/config"
	"hopthu/mail"
	"hopthu/mail/server"
)

// exitDamaged is the exit code of check for a folder that is not sound, as against one that could not be read.
const exitDamaged = 3

// keepCommands look after the data folder: check it, back it up, bring it back, carry letters in and out.
func (p *program) keepCommands() []*cobra.Command {
	return []*cobra.Command{p.checkCommand(), p.backupCommand(), p.restoreCommand(), p.exportCommand(), p.importCommand(), p.migrateCommand()}
}

func (p *program) tellTally(t server.Tally) {
	p.say(p.out, "          boxes         %d\n          folders       %d\n          letters       %d  (%d octets, %d stored)\n",
		t.Accounts, t.Mailboxes, t.Letters, t.Bytes, t.Blobs)
}

func (p *program) checkCommand() *cobra.Command {
	return &cobra.Command{
		Use: "check [BACKUP]", Short: "Kiểm tra toàn bộ dữ liệu / check every invariant and hash",
		Long: "Reads the whole data folder, or the backup named, and checks every invariant of every room, every letter's\n" +
			"hash and the chain of the audit log. It changes nothing and may run beside the server. It tells numbers, never a subject.\n" +
			"Exit code: 0 sound, 3 damaged, 1 it could not be read.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := p.look(cmd.Context(), args)
			if err != nil {
				return p.damaged(err)
			}
			err = s.Check(cmd.Context())
			if err == nil {
				var t server.Tally
				if t, err = s.Tally(cmd.Context()); err == nil {
					p.say(p.out, "sound     %s\n", s.Dir())
					p.tellTally(t)
				}
			}
			return p.damaged(errors.Join(err, s.Close()))
		},
	}
}

// look opens the data folder, or the backup that is the first argument, for reading.
func (p *program) look(ctx context.Context, args []string) (*server.Server, error) {
	if len(args) == 1 {
		return server.OpenBackup(ctx, p.serverConfig(config.ServerDefaults()), args[0], os.TempDir())
	}
	c, err := p.load()
	if err != nil {
		return nil, err
	}
	return server.Inspect(ctx, p.serverConfig(c))
}

// damaged tells what is broken, a line each, and ends with the exit code for that.
func (p *program) damaged(err error) error {
	switch mail.KindOf(err) {
	case mail.StoreDamaged, mail.BadFile:
		p.say(p.err, "hopthu-server: hỏng / damaged:\n%s\n", err)
		return verdict(exitDamaged)
	}
	return err
}

func (p *program) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use: "backup TARGET", Short: "Sao lưu khi máy chủ vẫn chạy / back up, also while the server runs",
		Long: "Writes the data folder as of one moment to TARGET, which must not exist: a folder, or one file when its name ends\n" +
			"in .tar. Then all of it is checked. It holds every letter, password hashes and the private keys below tls/: keep it safe.\n" +
			"Certificates that cert_file and key_file name elsewhere are not in it.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := p.load()
			if err != nil {
				return err
			}
			s, err := server.Inspect(cmd.Context(), p.serverConfig(c))
			if err != nil {
				return err
			}
			t, err := s.Backup(cmd.Context(), args[0])
			if err == nil {
				p.say(p.out, "made      backup        %s\n", args[0])
				p.tellTally(t)
			}
			return p.damaged(errors.Join(err, s.Close()))
		},
	}
}

func (p *program) restoreCommand() *cobra.Command {
	var box, folder, into string
	var replace, merge bool
	cmd := &cobra.Command{
		Use: "restore BACKUP", Short: "Khôi phục: toàn bộ, một hộp thư, một thư mục / restore all, one box, one folder",
		Long: "Without --box: makes --dir the server that BACKUP holds. A folder that is there is only replaced with --replace, and\n" +
			"then moved aside, not deleted; no server may run on it.\n" +
			"With --box, and --folder for one folder of it: brings letters back into the box, also while the server runs. A folder\n" +
			"that holds letters now needs --merge (add what is missing, change nothing) or --into (put all below another folder).",
		Example: "  hopthu-server restore sao-luu.tar --dir /srv/hopthu\n  hopthu-server restore sao-luu.tar --box lanlt.nv --folder 'Công văn' --into 'Khôi phục'",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if box == "" {
				if folder != "" || into != "" || merge {
					return errors.New("--folder, --into and --merge need --box")
				}
				return p.restoreAll(cmd.Context(), args[0], replace)
			}
			if replace {
				return errors.New("--replace is for the whole folder; with --box use --merge or --into")
			}
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				old, err := server.OpenBackup(ctx, p.serverConfig(config.ServerDefaults()), args[0], p.dir)
				if err != nil {
					return err
				}
				c, err := a.RestoreBox(ctx, old, box, folder, into, merge)
				p.tellCarried("restored", c)
				return errors.Join(err, old.Close())
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&box, "box", "", "only this box, by address")
	f.StringVar(&folder, "folder", "", "only this folder of it")
	f.StringVar(&into, "into", "", "into, or below, this folder instead")
	f.BoolVar(&merge, "merge", false, "add what is missing to folders that hold letters")
	f.BoolVar(&replace, "replace", false, "move the data folder that is there aside")
	return cmd
}

func (p *program) restoreAll(ctx context.Context, backup string, replace bool) error {
	r, err := server.Restore(ctx, p.serverConfig(config.ServerDefaults()), backup, replace)
	if err != nil {
		return p.damaged(err)
	}
	p.say(p.out, "restored  %s\n", p.dir)
	if r.Aside != "" {
		p.say(p.out, "          before        %s\n", r.Aside)
	}
	p.tellTally(r.Tally)
	return nil
}

func (p *program) tellCarried(word string, c server.Carried) {
	p.say(p.out, "%s  %d letters, %d folders; %d were there already\n", word, c.Letters, c.Folders, c.Already)
	for _, s := range c.Skipped {
		p.say(p.out, "passed over  %q\n", s)
	}
}

func (p *program) exportCommand() *cobra.Command {
	var box, folder, format string
	cmd := &cobra.Command{
		Use: "export TARGET --box ADDRESS", Short: "Xuất thư ra tệp / write letters to files (mbox, Maildir)",
		Long: "Writes a box, or with --folder one folder of it, to TARGET, which must not exist. Bytes, flags, keywords and dates\n" +
			"come back with import as they are. One folder as mbox is one file; all else is a folder. It is noted in the audit log.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if box == "" {
				return errors.New("--box is needed")
			}
			if format != server.Mbox && format != server.Maildir {
				return errors.New("--format is mbox or maildir")
			}
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				c, err := a.Export(ctx, box, folder, format, args[0])
				if err == nil {
					p.say(p.out, "exported  %d letters, %d folders\n", c.Letters, c.Folders)
				}
				return err
			})
		},
	}
	cmd.Flags().StringVar(&box, "box", "", "the box, by address")
	cmd.Flags().StringVar(&folder, "folder", "", "only this folder")
	cmd.Flags().StringVar(&format, "format", server.Mbox, "mbox (mboxrd) or maildir")
	return cmd
}

func (p *program) importCommand() *cobra.Command {
	var box, folder string
	cmd := &cobra.Command{
		Use: "import SOURCE --box ADDRESS", Short: "Nhập thư từ tệp / read letters from files (mbox, Maildir)",
		Long: "Puts the letters of SOURCE into a box: an mbox file, a Maildir (subfolders as Maildir++ or below one another), or a\n" +
			"folder that holds these. A letter that its folder holds already, byte for byte, is not put in again: when it was\n" +
			"stopped, run it again. Links and special files are refused. Files of others get CRLF line ends.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if box == "" {
				return errors.New("--box is needed")
			}
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				c, err := a.Import(ctx, box, folder, args[0])
				p.tellCarried("imported", c)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&box, "box", "", "the box, by address")
	cmd.Flags().StringVar(&folder, "folder", "", "into, or below, this folder")
	return cmd
}
