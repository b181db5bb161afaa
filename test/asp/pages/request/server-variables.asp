<% For Each n In Array("REMOTE_ADDR","REQUEST_METHOD","SERVER_NAME","SERVER_PORT","SCRIPT_NAME","URL","PATH_INFO","PATH_TRANSLATED","QUERY_STRING","LOCAL_ADDR","HTTPS","APPL_PHYSICAL_PATH","SERVER_PROTOCOL","CONTENT_LENGTH","AUTH_USER","REMOTE_HOST","SERVER_PORT_SECURE","SERVER_SOFTWARE","GATEWAY_INTERFACE") %>
<%= n %>=<%= Request.ServerVariables(n) %><% Next %>
<!--expect
> GET /request/server-variables.asp?a=b
= REMOTE_ADDR=192.0.2.7
= REQUEST_METHOD=GET
= SERVER_NAME=www.example.test
= SERVER_PORT=80
= SCRIPT_NAME=/request/server-variables.asp
= URL=/request/server-variables.asp
= PATH_INFO=/request/server-variables.asp
= PATH_TRANSLATED=C:\inetpub\wwwroot\request\server-variables.asp
= QUERY_STRING=a=b
= LOCAL_ADDR=192.0.2.1
= HTTPS=off
= APPL_PHYSICAL_PATH=C:\inetpub\wwwroot\
= SERVER_PROTOCOL=HTTP/1.1
= CONTENT_LENGTH=0
= AUTH_USER=
= REMOTE_HOST=192.0.2.7
= SERVER_PORT_SECURE=0
= SERVER_SOFTWARE=Microsoft-IIS/10.0
= GATEWAY_INTERFACE=CGI/1.1
-->
