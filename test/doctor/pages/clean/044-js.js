// nightly job
var m = new ActiveXObject("CDO.Message");
var f = m.Configuration.Fields;
f.Item("http://schemas.microsoft.com/cdo/configuration/sendusing").Value = 1;
f.Update();
m.From = "job@contoso.example";
m.To = WScript.Arguments(0);
m.Subject = "Job " + new Date();
m.TextBody = "it's done";
try {
  m.Send();
} catch (e) {
  WScript.Echo(e.number & 0xFFFF, e.description);
}
