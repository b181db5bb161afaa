var mail = WScript.CreateObject("CDO.Message");
with (mail.Configuration.Fields) {
  Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 1;
}
mail.Configuration.Fields.Update();
mail.From = "a@contoso.example";
mail.To = "b@contoso.example";
mail.Send();
