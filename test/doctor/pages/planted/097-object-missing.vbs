CreateObject("CDONTS.NewMail").Send "a@contoso.example", "b@contoso.example", "s", "b"
