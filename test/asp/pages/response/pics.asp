<% Response.PICS "(PICS-1.1 labels)" %>
<!--expect
< PICS-Label: (PICS-1.1 labels)
-->
