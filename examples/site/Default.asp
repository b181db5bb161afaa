<%@ Language=VBScript CodePage=65001 %>
<% Option Explicit
Dim title
title = "Welcome" %>
<!--#include file="inc/top.inc"-->
<p>A site of Classic ASP pages that send mail in all the ways that such pages used to. What they send arrives at the
receiving server of the demonstration, which shows it.</p>
<ul>
<li><a href="/contact.asp">Contact form</a>: CDO by Pickup, CDO by SMTP, CDONTS</li>
<li><a href="/newsletter.asp">Newsletter</a>: a table of subscribers, one mail to each, with an attachment</li>
<li><a href="/password.asp">Password reminder</a>: a link by mail</li>
<li><a href="/upload.asp">Send a file</a>: an upload that the page takes apart itself, and mails</li>
</ul>
<!--#include file="inc/bottom.inc"-->
