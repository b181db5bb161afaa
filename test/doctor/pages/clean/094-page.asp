<%
Class MailBuilder
  Public Message
  Public Default Function Init(sender)
    Set Message = CreateObject("CDO.Message")
    Message.From = sender
    Set Init = Me
  End Function
End Class
Dim b : Set b = (New MailBuilder)("a@contoso.example")
b.Message.To = "b@contoso.example"
b.Message.Send
%>
