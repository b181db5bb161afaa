<!--METADATA TYPE="typelib" UUID="CD000000-8B95-11D1-82DB-00C04FB1625D"-->
<% Set c = CreateObject("CDO.Configuration") : c.Fields(cdoSendUsingMethod) = cdoSendUsingPickup : c.Fields.Item(cdoSMTPServerPickupDirectory) = "C:\inetpub\mailroot\Pickup" : c.Fields.Update
Set m = CreateObject("CDO.Message") : m.Configuration = c
With m : .From = "a@example.test" : .To = "b@example.test" : .Subject = "Const" : .HTMLBody = "<b>x</b>" : .Send : End With %>ok
<!--expect
= ok
mail: Subject: Const
-->
