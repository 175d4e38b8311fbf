package web

import (
	"html/template"
	"net/http"

	"hopthu/mail"
	"hopthu/mail/api"
)

const styleSheet = "/doi-mat-khau.css"

// words says what happened and what to do now, in Vietnamese and in English.
func words(kind mail.FaultKind, detail string) (vi, en string) {
	switch kind {
	case mail.BadPassword, mail.BadAddress:
		return "Sai địa chỉ hoặc mật khẩu hiện tại. Hãy gõ lại.", "Wrong address or current password. Please type them again."
	case mail.PasswordExpired:
		return "Mật khẩu cấp lần đầu đã hết hạn. Hãy đề nghị cơ quan quản lý cấp lại.", "The first password has expired. Please ask for a new one."
	case mail.MustChange:
		return "Hãy đổi mật khẩu cấp lần đầu tại " + api.PagePassword + " rồi đăng nhập lại.", "Please change the first password at " + api.PagePassword + ", then log in again."
	case mail.WeakPassword:
		return weak(detail)
	case mail.LockedOut:
		return "Sai mật khẩu quá nhiều lần. Hãy thử lại sau ít phút.", "Too many failures. Please try again in some minutes."
	case mail.Refused, mail.Blocked:
		return "Hộp thư này đang bị khóa. Hãy liên hệ cơ quan quản lý.", "This box is suspended. Please ask its administrator."
	case mail.BadSettings:
		return "Yêu cầu không đọc được.", "The request cannot be read."
	case mail.TooBig:
		return "Yêu cầu quá dài.", "The request is too long."
	}
	return "Máy chủ chưa làm được việc này. Hãy thử lại sau.", "The server cannot do this now. Please try again later."
}

// weak explains a password rule by its code.
func weak(rule string) (vi, en string) {
	switch rule {
	case "short":
		return "Mật khẩu mới phải có ít nhất 12 ký tự.", "The new password needs 12 characters or more."
	case "name":
		return "Mật khẩu mới không được chứa họ tên hay địa chỉ thư của bạn.", "The new password must not hold your name or address."
	case "old":
		return "Mật khẩu mới phải khác mật khẩu cũ.", "The new password must differ from the old one."
	case "common":
		return "Mật khẩu mới quá phổ biến, dễ bị đoán.", "The new password is too common."
	}
	return "Mật khẩu mới chưa đủ mạnh.", "The new password is too weak."
}

type page struct {
	Login, Error string
	Done         bool
}

var pageTemplate = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="vi">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Đổi mật khẩu hộp thư</title><link rel="stylesheet" href="` + styleSheet + `"></head>
<body><main>
<h1>Đổi mật khẩu hộp thư</h1>
{{if .Done}}<p role="status">Đã đổi mật khẩu. Từ bây giờ hãy đăng nhập bằng mật khẩu mới.</p>
{{else}}{{with .Error}}<p role="alert"><strong>{{.}}</strong></p>{{end}}
<form method="post" action="` + api.PagePassword + `">
<label>Địa chỉ thư <input name="login" value="{{.Login}}" autocomplete="username" required maxlength="320"></label>
<label>Mật khẩu hiện tại <input name="old" type="password" autocomplete="current-password" required maxlength="1024"></label>
<label>Mật khẩu mới <input name="new" type="password" autocomplete="new-password" required minlength="12" maxlength="1024"></label>
<label>Gõ lại mật khẩu mới <input name="again" type="password" autocomplete="new-password" required maxlength="1024"></label>
<button>Đổi mật khẩu</button>
</form>
<p>Mật khẩu mới có ít nhất 12 ký tự, khác mật khẩu cũ, không chứa họ tên, không thuộc loại phổ biến. Không ai, kể cả người quản trị, được hỏi mật khẩu của bạn.</p>
{{end}}</main></body></html>
`))

const css = `body{font:1rem/1.5 sans-serif;margin:2rem}main{max-width:30rem;margin:auto}label{display:block;margin:1rem 0}
input{display:block;width:100%;font:inherit;padding:.4rem;box-sizing:border-box}button{font:inherit;padding:.5rem 1rem}
`

func style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	if _, err := w.Write([]byte(css)); err != nil {
		return // the reader has gone
	}
}

func (d *door) form(w http.ResponseWriter, _ *http.Request) { d.page(w, http.StatusOK, page{}) }

func (d *door) submit(w http.ResponseWriter, r *http.Request) {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		d.page(w, http.StatusForbidden, page{Error: "Hãy mở trang này trực tiếp rồi thử lại."})
		return
	}
	if err := r.ParseForm(); err != nil {
		d.page(w, http.StatusBadRequest, page{Error: "Yêu cầu không đọc được."})
		return
	}
	p := page{Login: r.PostForm.Get("login")}
	if r.PostForm.Get("new") != r.PostForm.Get("again") {
		p.Error = "Hai lần gõ mật khẩu mới không giống nhau."
		d.page(w, http.StatusUnprocessableEntity, p)
		return
	}
	err := d.change(r, api.PasswordChange{Login: p.Login, Old: r.PostForm.Get("old"), New: r.PostForm.Get("new")})
	if err == nil {
		d.page(w, http.StatusOK, page{Done: true})
		return
	}
	f := mail.AsFault("change password", err)
	status := http.StatusForbidden
	switch f.Kind {
	case mail.WeakPassword:
		status = http.StatusUnprocessableEntity
	case mail.LockedOut:
		status = http.StatusTooManyRequests
	case mail.Unknown:
		status = http.StatusInternalServerError
		d.opt.Log.Error("web", "op", f.Op, "err", err)
	}
	p.Error, _ = words(f.Kind, f.Detail)
	d.page(w, status, p)
}

func (d *door) page(w http.ResponseWriter, status int, p page) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := pageTemplate.Execute(w, p); err != nil {
		d.opt.Log.Debug("page", "err", err)
	}
}
