<object runat="server" id="mailer" progid="CDO.Message"></object><% mailer.From = "a@example.test" : mailer.To = "b@example.test" : mailer.Subject = "Tag" : mailer.Send %>
<!--expect
mail: Subject: Tag
-->
