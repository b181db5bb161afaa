// nightly job
var m = new ActiveXObject("CDO.Message");
var f = m.Configuration.Fields;
f.Item("http://schemas.microsoft.com/cdo/configuration/sendusing").Value = 2;
f.Item("http://schemas.microsoft.com/cdo/configuration/smtpserver").Value = "relay.northwind.example";
f.Item("http://schemas.microsoft.com/cdo/configuration/smtpserverport").Value = 587;
f.Item("http://schemas.microsoft.com/cdo/configuration/smtpusessl").Value = true;
f.Item("http://schemas.microsoft.com/cdo/configuration/smtpauthenticate").Value = 1;
f.Item("http://schemas.microsoft.com/cdo/configuration/sendusername").Value = "robot";
f.Item("http://schemas.microsoft.com/cdo/configuration/sendpassword").Value = "s3cret!3";
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
