<!--METADATA TYPE="typelib" UUID="CD000000-8B95-11D1-82DB-00C04FB1625D" NAME="CDO for Windows 2000 Library"-->
<%= cdoSendUsingPort %> <%= cdoSendUsingMethod %>
<!--expect
= 2 http://schemas.microsoft.com/cdo/configuration/sendusing
-->
