function send(to) {
  var m = new ActiveXObject("CDO.Message");
  m.From = "a@contoso.example";
  m.To = to;
  for (var e = new Enumerator(m.Attachments); !e.atEnd(); e.moveNext()) e.item();
  m.Send();
}
send("b@contoso.example");
