/** ADODB over both back ends: the same script must print the same. */
import assert from 'node:assert/strict';
import { copyFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { POSTGRESQL_PASSWORD } from '../support/postgresql.ts';
import { AdoBench, BACK_ENDS, type BackEnd } from './support/ado-bench.ts';

const bench = new AdoBench();
before(() => bench.start());
after(() => bench.close());

type Case = {
  readonly script: string;
  /** Lines that the script prints; where the back ends differ, one list each. */
  readonly prints: readonly string[] | Readonly<Record<BackEnd, readonly string[]>>;
  readonly dialect?: 'sqlserver';
};

const CASES: Readonly<Record<string, Case>> = {
  'Connection: state, version, strings, timeouts and properties': {
    script: `WScript.Echo c.State, c.Version, c.Provider, c.ConnectionString, c
WScript.Echo c.ConnectionTimeout, c.CommandTimeout, c.CursorLocation, c.Mode, c.IsolationLevel, c.Attributes
c.CommandTimeout = 5 : c.CursorLocation = 3 : c.DefaultDatabase = "x"
WScript.Echo c.CommandTimeout, c.CursorLocation, c.DefaultDatabase
WScript.Echo Len(c.Properties("DBMS Name")) > 0, c.Properties.Item("Multiple Results").Value, c.Properties.Count > 3, TypeName(c.Properties(0))
WScript.Echo c.Properties("Prompt").Name, c.Properties("Prompt").Type, c.Properties("Prompt").Attributes
c.Cancel
c.Close
WScript.Echo c.State
c.ConnectionString = "DSN=shop" : c.ConnectionTimeout = 3 : c.Mode = 1 : c.Open
WScript.Echo c.State, TypeName(c), TypeName(c.Errors)`,
    prints: [
      '1 6.1 MSDASQL DSN=shop DSN=shop',
      '15 30 2 0 4096 0',
      '5 3 x',
      '-1 1 -1 Property',
      'Prompt 3 1536',
      '0',
      '1 Connection Errors',
    ],
  },
  'Execute tells how many rows it changed, in its second argument': {
    script: `c.Execute "UPDATE Users SET Hits = 1 WHERE Id < 3", n
WScript.Echo n, TypeName(n)
c.Execute "DELETE * FROM Orders WHERE Nr > 10", n, 128
WScript.Echo n
Set r = c.Execute("SELECT * FROM Users", n)
WScript.Echo n, r.State, r.CursorType, r.LockType
Set r = c.Execute("INSERT INTO Orders VALUES (90, 1, 'x')", n)
WScript.Echo n, r.State
WScript.Echo c.Execute("Orders", , 2)("Title"), c.Execute("[Orders]", , 512)("Title"), c.Execute("Orders")("Title")`,
    prints: ['2 Long', '2', '-1 1 0 1', '1 0', 'Tea Tea Tea'],
  },
  'Types of fields come back as Access gave them': {
    script: `Set r = c.Execute("SELECT * FROM Users WHERE Id = 1")
For Each f In r.Fields
  If f.Name = "Level" Or f.Name = "level" Then Exit For
  WScript.Echo LCase(f.Name) & ":" & f.Type & ":" & TypeName(f.Value)
Next`,
    prints: [
      'id:3:Long',
      'name:202:String',
      'active:11:Boolean',
      'born:7:Date',
      'price:6:Currency',
      'score:5:Double',
      'hits:2:Integer',
    ],
  },
  'A null is Null in every type': {
    script: `Set r = c.Execute("SELECT * FROM Users WHERE Id = 2")
For Each n In Array("Price", "Score", "Hits", "Level", "Notes", "Photo")
  WScript.Echo n, IsNull(r(n)), r(n) & "|"
Next`,
    prints: ['Price -1 |', 'Score -1 |', 'Hits -1 |', 'Level -1 |', 'Notes -1 |', 'Photo -1 |'],
  },
  'Transactions: commit keeps, rollback takes back, levels are counted': {
    script: `WScript.Echo c.BeginTrans
c.Execute "DELETE FROM Orders"
c.RollbackTrans
WScript.Echo c.Execute("SELECT Count(*) FROM Orders")(0)
c.BeginTrans
WScript.Echo c.BeginTrans
c.Execute "DELETE FROM Orders WHERE Nr = 10"
c.RollbackTrans
c.Execute "DELETE FROM Orders WHERE Nr = 11"
c.CommitTrans
WScript.Echo c.Execute("SELECT Count(*) FROM Orders")(0)
On Error Resume Next
c.CommitTrans
WScript.Echo Hex(Err.Number), Err.Description
Err.Clear
c.BeginTrans
c.Close
WScript.Echo Err.Number, Err.Description`,
    prints: [
      '1',
      '3',
      '2',
      '2',
      '8004D00E No transaction is active.',
      '3246 Connection object cannot be explicitly closed while in a transaction.',
    ],
  },
  'A statement that fails leaves its transaction as it was': {
    script: `c.BeginTrans
c.Execute "INSERT INTO Orders VALUES (20, 1, 'a')"
On Error Resume Next
c.Execute "INSERT INTO Orders VALUES (20, 1, 'b')"
WScript.Echo Err.Number <> 0
On Error GoTo 0
c.Execute "INSERT INTO Orders VALUES (21, 1, 'c')"
c.CommitTrans
WScript.Echo c.Execute("SELECT Count(*) FROM Orders")(0)`,
    prints: ['-1', '5'],
  },
  'Errors holds what the provider refused': {
    script: `On Error Resume Next
c.Execute "SELECT * FROM Nothing_here"
WScript.Echo Hex(Err.Number), Err.Source = c.Errors(0).Source, c.Errors.Count, c.Errors(0).Number = Err.Number
WScript.Echo c.Errors(0).Description = Err.Description, TypeName(c.Errors(0)), TypeName(c.Errors.Item(0).SQLState), TypeName(c.Errors(0).NativeError), c.Errors(0).HelpFile, c.Errors(0).HelpContext
For Each e In c.Errors: WScript.Echo InStr(e, "Nothing_here") + InStr(e, "nothing_here") > 0: Next
c.Errors.Refresh
c.Errors.Clear
WScript.Echo c.Errors.Count
x = c.Errors(0).Number
WScript.Echo Err.Number`,
    prints: ['80040E37 -1 1 -1', '-1 Error String Long  0', '-1', '0', '3265'],
  },
  'OpenSchema lists tables, columns and keys': {
    script: `Set r = c.OpenSchema(20)
Do Until r.EOF: WScript.Echo LCase(r("TABLE_NAME")), r("TABLE_TYPE"): r.MoveNext: Loop
Set r = c.OpenSchema(4, Array(Empty, Empty, "Orders"))
Do Until r.EOF: WScript.Echo LCase(r("COLUMN_NAME")), r("ORDINAL_POSITION"), r("DATA_TYPE"), r("IS_NULLABLE"), r("CHARACTER_MAXIMUM_LENGTH") & "": r.MoveNext: Loop
Set r = c.OpenSchema(28)
Do Until r.EOF: n = n & LCase(r("TABLE_NAME")) & LCase(r("COLUMN_NAME")): r.MoveNext: Loop
WScript.Echo InStr(n, "ordersnr") > 0, InStr(n, "usersid") > 0`,
    prints: [
      'loose TABLE',
      'orders TABLE',
      'users TABLE',
      'nr 1 3 False ',
      'userid 2 3 True ',
      'title 3 202 False 20',
      '-1 -1',
    ],
  },
  'Moving: first, next, previous, last, by a number, both ends': {
    script: `rs.Open "SELECT * FROM Orders ORDER BY Nr", c, 3
WScript.Echo rs("Nr"), rs.BOF, rs.EOF, rs.RecordCount
rs.MoveLast: WScript.Echo rs("Nr")
rs.MovePrevious: WScript.Echo rs("Nr")
rs.MoveFirst: WScript.Echo rs("Nr")
rs.Move 2: WScript.Echo rs("Nr")
rs.Move -1: WScript.Echo rs("Nr")
rs.Move 1, 1: WScript.Echo rs("Nr"), rs.AbsolutePosition
rs.MoveLast: rs.MoveNext: WScript.Echo rs.BOF, rs.EOF, rs.AbsolutePosition
On Error Resume Next
rs.MoveNext: WScript.Echo Err.Number, Err.Source, Err.Description: Err.Clear
x = rs("Nr"): WScript.Echo Err.Number, Err.Source: Err.Clear
rs.MoveFirst: rs.MovePrevious: WScript.Echo rs.BOF, rs.AbsolutePosition
rs.MovePrevious: WScript.Echo Err.Number`,
    prints: [
      '10 0 0 3',
      '12',
      '11',
      '10',
      '12',
      '11',
      '11 2',
      '0 -1 -3',
      '3021 ADODB.Recordset Either BOF or EOF is True, or the current record has been deleted. Requested operation requires a current record.',
      '3021 ADODB.Field',
      '-1 -2',
      '3021',
    ],
  },
  'An empty recordset stands at both ends': {
    script: `rs.Open "SELECT * FROM Users WHERE Id = 99", c, 3
WScript.Echo rs.BOF, rs.EOF, rs.RecordCount, rs.PageCount, rs.AbsolutePage
On Error Resume Next
rs.MoveFirst: WScript.Echo Err.Number: Err.Clear
rs.AbsolutePage = 1: WScript.Echo Err.Number: Err.Clear
a = rs.GetRows: WScript.Echo Err.Number: Err.Clear`,
    prints: ['-1 -1 0 0 -1', '3021', '3021', '3021'],
  },
  'A forward-only cursor knows neither places nor how many rows there are': {
    script: `rs.Open "SELECT * FROM Orders", c
WScript.Echo rs.CursorType, rs.LockType, rs.RecordCount, rs.PageCount, rs.AbsolutePosition, rs.Supports(&H200), rs.Supports(&H2000)
On Error Resume Next
rs.MovePrevious: WScript.Echo Err.Number: Err.Clear
rs.AbsolutePosition = 2: WScript.Echo Err.Number: Err.Clear
b = rs.Bookmark: WScript.Echo Err.Number: Err.Clear
rs("Title") = "x": WScript.Echo Err.Number, Err.Description: Err.Clear`,
    prints: [
      '0 1 -1 -1 -1 0 0',
      '3251',
      '3251',
      '3251',
      '3251 Current Recordset does not support updating. This may be a limitation of the provider, or of the selected locktype.',
    ],
  },
  Pages: {
    script: `rs.CursorLocation = 3
rs.Open "SELECT Nr FROM Orders ORDER BY Nr", c
WScript.Echo rs.PageSize, rs.CursorType
rs.PageSize = 2
WScript.Echo rs.PageCount, rs.AbsolutePage
rs.AbsolutePage = 2
WScript.Echo rs("Nr"), rs.AbsolutePage, rs.AbsolutePosition
rs.AbsolutePosition = 2
WScript.Echo rs("Nr"), rs.AbsolutePage
On Error Resume Next
rs.AbsolutePage = 3: WScript.Echo Err.Number: Err.Clear
rs.PageSize = 0: WScript.Echo Err.Number`,
    prints: ['10 3', '2 1', '12 2 3', '11 1', '3001', '3001'],
  },
  'GetRows gives fields by rows and moves on': {
    script: `rs.Open "SELECT Nr, Title FROM Orders ORDER BY Nr", c, 3
a = rs.GetRows(2)
WScript.Echo UBound(a, 1), UBound(a, 2), a(0, 0), a(1, 1), rs("Nr"), TypeName(a)
a = rs.GetRows(-1, 1, "Title")
WScript.Echo UBound(a, 1), UBound(a, 2), a(0, 2), rs.EOF
rs.MoveFirst
a = rs.GetRows(1, , Array("Title", "Nr"))
WScript.Echo a(0, 0), a(1, 0)`,
    prints: ['1 1 10 Rum 12 Variant()', '0 2 Gin -1', 'Tea 10'],
  },
  'GetString joins rows and columns': {
    script: `rs.Open "SELECT Id, Name, Price FROM Users ORDER BY Id", c, 3
WScript.Echo Replace(Replace(rs.GetString, vbTab, "<t>"), vbCr, "<r>")
rs.MoveFirst
WScript.Echo rs.GetString(2, 2, ";", "|", "-"), rs("Id")`,
    prints: ['1<t>Ann<t>12.5<r>2<t>bob<t><r>3<t>Cyd<t><r>', '1;Ann;12.5|2;bob;-| 3'],
  },
  'AddNew and Update give the new counter back': {
    script: `rs.Open "SELECT * FROM Users", c, 1, 3
rs.AddNew
WScript.Echo rs.EditMode, rs.EOF
rs("Name") = "Dan" : rs.Fields("Active") = True : rs("Born").Value = DateSerial(2001, 2, 3) : rs("Price") = "7.25" : rs("Notes") = "long"
rs.Update
WScript.Echo rs.EditMode, rs("Id"), rs.RecordCount
Set r = c.Execute("SELECT * FROM Users WHERE Id = 4")
WScript.Echo r("Name"), r("Active"), r("Born"), r("Price"), r("Notes"), IsNull(r("Score"))`,
    prints: ['2 0', '0 4 4', 'Dan True 2/3/2001 7.25 long -1'],
  },
  'AddNew and Update with lists of fields': {
    script: `rs.Open "Orders", c, 1, 3, 2
rs.AddNew Array("Nr", "UserId", "Title"), Array(30, 3, "Ale")
WScript.Echo rs("Title"), rs.RecordCount, rs.EditMode
On Error Resume Next
rs.AddNew "Nr", 31: WScript.Echo Err.Number <> 0: Err.Clear
rs.AddNew "Nr": WScript.Echo Err.Number, rs.EditMode: Err.Clear
rs.AddNew Array("Nr"), Array(1, 2): WScript.Echo Err.Number, rs.EditMode, rs.RecordCount`,
    prints: ['Ale 4 0', '-1', '3001 0', '3001 0 4'],
  },
  'Update of a row, and moving on writes too': {
    script: `rs.Open "SELECT Id, Name FROM Users ORDER BY Id", c, 1, 3
rs("Name") = "Anna"
WScript.Echo rs.EditMode, rs("Name").Value, rs("Name").OriginalValue, rs("Name").UnderlyingValue
rs.MoveNext
rs.Update "Name", "Bobby"
rs.MoveNext
rs.Update Array("Name"), Array("Cy")
rs("Name") = "gone": rs.CancelUpdate
WScript.Echo rs("Name"), rs.EditMode
WScript.Echo c.Execute("SELECT Name FROM Users ORDER BY Id").GetString(2, -1, "", ",")`,
    prints: ['1 Anna Ann Ann', 'Cy 0', 'Anna,Bobby,Cy,'],
  },
  'Delete: the row is gone, the cursor stands on it until it moves': {
    script: `rs.Open "SELECT * FROM Orders ORDER BY Nr", c, 1, 3
rs.MoveNext
rs.Delete
WScript.Echo rs.EditMode, rs.RecordCount
On Error Resume Next
x = rs("Nr"): WScript.Echo Err.Number: Err.Clear
rs.MoveNext: WScript.Echo rs("Nr")
rs.MovePrevious: WScript.Echo rs("Nr")
WScript.Echo c.Execute("SELECT Count(*) FROM Orders")(0), rs.RecordCount
Do Until rs.EOF: rs.Delete: rs.MoveNext: Loop
WScript.Echo c.Execute("SELECT Count(*) FROM Orders")(0), rs.EOF`,
    prints: ['4 2', '3021', '12', '10', '2 2', '0 -1'],
  },
  'Batches wait for UpdateBatch, CancelBatch takes back': {
    script: `rs.CursorLocation = 3
rs.Open "SELECT * FROM Orders ORDER BY Nr", c, 3, 4
WScript.Echo rs.Supports(&H10000), rs.Status
rs("Title") = "Tea2": rs.Update
rs.AddNew: rs("Nr") = 50: rs("UserId") = 1: rs("Title") = "New": rs.Update
rs.MoveFirst: rs.MoveNext: rs.Delete
WScript.Echo c.Execute("SELECT Count(*) FROM Orders WHERE Title IN ('Tea2', 'New')")(0)
rs.Filter = 1
WScript.Echo rs.RecordCount
rs.Filter = 0
rs.UpdateBatch
WScript.Echo c.Execute("SELECT Title FROM Orders ORDER BY Nr").GetString(2, -1, "", ",")
rs.MoveFirst: rs("Title") = "Lost": rs.Update: WScript.Echo rs.Status
rs.CancelBatch
WScript.Echo rs("Title"), rs.RecordCount`,
    prints: ['-1 8', '0', '3', 'Tea2,Gin,New,', '2', 'Tea2 3'],
  },
  'A disconnected recordset keeps its rows and writes them when it is connected again': {
    script: `rs.CursorLocation = 3
rs.Open "SELECT * FROM Orders ORDER BY Nr", c, 3, 4
Set rs.ActiveConnection = Nothing
rs("Title") = "Off": rs.Update
WScript.Echo c.Execute("SELECT Title FROM Orders WHERE Nr = 10")(0), rs("Title")
Set rs.ActiveConnection = c
rs.UpdateBatch
WScript.Echo c.Execute("SELECT Title FROM Orders WHERE Nr = 10")(0), TypeName(rs.ActiveConnection)`,
    prints: ['Tea Off', 'Off Connection'],
  },
  'A recordset of its own': {
    script: `rs.Fields.Append "Name", 202, 20
rs.Fields.Append "Age", 3
rs.Fields.Append "Gone", 3
rs.Fields.Delete "Gone"
rs.Open
rs.AddNew: rs("Name") = "x": rs("Age") = 3: rs.Update
rs.AddNew Array("Name", "Age"), Array("a", 5)
rs.Sort = "Name"
WScript.Echo rs.RecordCount, rs("Name"), rs("Age"), rs.Fields.Count
rs.Filter = "Age < 4"
WScript.Echo rs.RecordCount, rs("Name")
On Error Resume Next
rs("Age") = "abc": WScript.Echo Err.Number, Err.Source: Err.Clear
rs("Name") = String(21, "x"): WScript.Echo Err.Number: Err.Clear
rs.Fields.Append "Late", 3: WScript.Echo Err.Number`,
    prints: ['2 a 5 2', '1 x', '3421 ADODB.Field', '3421', '3219'],
  },
  'Filter by criteria, by bookmarks, and back': {
    script: `rs.Open "SELECT * FROM Users ORDER BY Id", c, 3
rs.Filter = "Active = True AND Id > 1": WScript.Echo rs.RecordCount, rs("Name")
rs.Filter = "Name LIKE 'a*' OR Name = 'BOB'": WScript.Echo rs.RecordCount, rs.Filter
rs.Filter = "Born >= #1/1/2003#": WScript.Echo rs.RecordCount, rs("Name")
rs.Filter = "(Price = Null) AND (Id <> 2)": WScript.Echo rs.RecordCount, rs("Name")
rs.Filter = "": WScript.Echo rs.RecordCount, rs.Filter
rs.MoveLast: b = rs.Bookmark: rs.MoveFirst
rs.Filter = Array(b): WScript.Echo rs.RecordCount, rs("Name")
rs.Filter = 0: rs.Bookmark = b: WScript.Echo rs("Name"), rs.CompareBookmarks(b, b)
On Error Resume Next
rs.Filter = "Nobody = 1": WScript.Echo Err.Number: Err.Clear
rs.Filter = "Id ~ 1": WScript.Echo Err.Number`,
    prints: [
      '1 Cyd',
      "2 Name LIKE 'a*' OR Name = 'BOB'",
      '1 Ann',
      '1 Cyd',
      '3 0',
      '1 Cyd',
      'Cyd 1',
      '3265',
      '3001',
    ],
  },
  'Sort needs a client cursor, and puts Null first': {
    script: `rs.CursorLocation = 3
rs.Open "SELECT * FROM Users", c
rs.Sort = "Price, Name DESC"
WScript.Echo rs.GetString(2, 1, ",", "")  <> "", rs.Sort
rs.MoveFirst: WScript.Echo rs("Name"): rs.MoveLast: WScript.Echo rs("Name")
rs.Sort = "[Name] ASC": WScript.Echo rs("Name")
rs.Close: rs.CursorLocation = 2: rs.Open "SELECT * FROM Users", c, 3
On Error Resume Next
rs.Sort = "Name": WScript.Echo Err.Number`,
    prints: ['-1 Price, Name DESC', 'Cyd', 'Ann', 'Ann', '3251'],
  },
  'Find goes on, back, and over the ends': {
    script: `rs.Open "SELECT * FROM Users ORDER BY Id", c, 3
rs.Find "Name = 'cyd'": WScript.Echo rs("Id")
rs.Find "Id < 3", 0, -1: WScript.Echo rs("Id")
rs.Find "Id = 1": WScript.Echo rs.EOF
rs.Find "Id > 0", 0, 1, 1: WScript.Echo rs("Id")
rs.Find "Id > 0", 1: WScript.Echo rs("Id")
rs.Find "Name like 'z%'": WScript.Echo rs.EOF
On Error Resume Next
rs.Find "Id = 1": WScript.Echo Err.Number: Err.Clear
rs.MoveFirst: rs.Find "Id = 1 AND Name = 'x'": WScript.Echo Err.Number`,
    prints: ['3', '2', '-1', '1', '2', '-1', '3021', '3001'],
  },
  'Fields: count, names, sizes and attributes': {
    script: `Set r = c.Execute("SELECT Id, Name, Price AS Cost, Notes FROM Users WHERE Id = 1")
WScript.Echo r.Fields.Count, LCase(r.Fields.Item(1).Name), r(2).Name, r.Fields("NAME").DefinedSize, r("Name").ActualSize, r("Id").ActualSize
WScript.Echo r("Id").Precision, r("Cost").NumericScale, r("Notes").Attributes And 128, TypeName(r.Fields), TypeName(r("Id")), r("Name").Status
WScript.Echo r("Name").Properties("BASECOLUMNNAME").Value & "" <> "", r("Name").Properties.Count
r.Fields.Refresh: r.Fields.Update: r.Fields.CancelUpdate: r.Fields.Resync
On Error Resume Next
x = r("Nope"): WScript.Echo Err.Number, Err.Source, Err.Description: Err.Clear
x = r.Fields.Item("Nope"): WScript.Echo Err.Number, Err.Source: Err.Clear
x = r(9): WScript.Echo Err.Number: Err.Clear`,
    prints: [
      '4 name Cost 50 6 4',
      '10 0 128 Fields Field 0',
      '-1 4',
      '3265 ADODB.Recordset Item cannot be found in the collection corresponding to the requested name or ordinal.',
      '3265 ADODB.Fields',
      '3265',
    ],
  },
  'Long texts and bytes in pieces': {
    script: `rs.Open "SELECT Id, Notes, Photo FROM Users WHERE Id = 1", c, 1, 3
rs("Notes").AppendChunk "one "
rs("Notes").AppendChunk "two"
Set stream = CreateObject("ADODB.Stream")
stream.Type = 2: stream.Charset = "us-ascii": stream.Open: stream.WriteText "bytes!": stream.Position = 0: stream.Type = 1
rs("Photo") = stream.Read
rs.Update
rs.Requery
WScript.Echo rs("Notes").GetChunk(4) & "|" & rs("Notes").GetChunk(99) & "|" & IsNull(rs("Notes").GetChunk(1))
WScript.Echo rs("Photo").ActualSize, TypeName(rs("Photo").Value), LenB(rs("Photo").GetChunk(2)), AscB(rs("Photo").Value)`,
    prints: ['one |two|True', '6 Byte() 2 98'],
  },
  'Clone, Requery and Resync': {
    script: `rs.Open "SELECT * FROM Orders ORDER BY Nr", c, 1, 3
Set k = rs.Clone
k.MoveLast
WScript.Echo rs("Nr"), k("Nr"), k.Clone(1).LockType
rs("Title") = "shared": rs.Update
k.MoveFirst: WScript.Echo k("Title")
c.Execute "INSERT INTO Orders VALUES (99, 1, 'z')"
rs.Requery: rs.Resync
WScript.Echo rs.RecordCount, k.RecordCount`,
    prints: ['10 12 1', 'shared', '4 3'],
  },
  'Members that keep what they are told': {
    script: `rs.MaxRecords = 2: rs.CacheSize = 5: rs.MarshalOptions = 1: rs.DataMember = "d": rs.StayInSync = False
rs.Source = "SELECT * FROM Users ORDER BY Id"
Set rs.ActiveConnection = c
rs.CursorType = 3: rs.LockType = 1
rs.Open
WScript.Echo rs.RecordCount, rs.CacheSize, rs.MarshalOptions, rs.DataMember, rs.StayInSync, rs.Source, rs.Index & "|"
WScript.Echo TypeName(rs.ActiveCommand), TypeName(rs.DataSource), rs.Properties("Bookmarkable"), rs.Properties.Count
rs.Cancel
WScript.Echo rs.Supports(&H80000), rs.Supports(&H1000400), rs.State
rs.Close
WScript.Echo rs.State`,
    prints: ['2 5 1 d 0 SELECT * FROM Users ORDER BY Id |', 'Nothing Nothing True 8', '-1 0 1', '0'],
  },
  'Commands: parameters by place and name, values that look like SQL are data': {
    script: `Set cmd = CreateObject("ADODB.Command")
Set cmd.ActiveConnection = c
cmd.CommandText = "INSERT INTO Users (Name, Active, Born, Price, Photo) VALUES (?, ?, ?, ?, ?)"
cmd.CommandType = 1 : cmd.Prepared = True : cmd.Name = "ins" : cmd.CommandTimeout = 9 : cmd.NamedParameters = False
cmd.Parameters.Append cmd.CreateParameter("nm", 200, 1, 50, "x'); DELETE FROM Users; --")
cmd.Parameters.Append cmd.CreateParameter("act", 11, 1, , True)
cmd.Parameters.Append cmd.CreateParameter("born", 135, 1, , DateSerial(2004, 5, 6))
Set p = cmd.CreateParameter
p.Name = "price": p.Type = 6: p.Direction = 1: p.Value = 1.5: p.Size = 8: p.Precision = 19: p.NumericScale = 4: p.Attributes = 64
cmd.Parameters.Append p
cmd.Parameters.Append cmd.CreateParameter("ph", 205, 1, 100)
cmd.Execute n
WScript.Echo n, cmd.Parameters.Count, cmd.Parameters("NM").Name, cmd.Parameters(1).Value, cmd("price").Value, p.Size, p.Precision, p.NumericScale, p.Attributes, p.Direction, p.Type
Set r = c.Execute("SELECT * FROM Users WHERE Id = 4")
WScript.Echo r("Name"), r("Active"), r("Born"), r("Price"), IsNull(r("Photo")), c.Execute("SELECT Count(*) FROM Users")(0)
cmd.Parameters("nm") = "second": cmd.Parameters(1).Value = False
cmd.Execute n, , 128
WScript.Echo c.Execute("SELECT Name FROM Users WHERE Id = 5")(0), cmd.State, cmd.CommandTimeout, cmd.Name, cmd.Prepared, cmd.NamedParameters, cmd.CommandType, TypeName(cmd.ActiveConnection)
For Each q In cmd.Parameters: WScript.Echo q.Name: Next
cmd.Parameters.Delete "ph"
WScript.Echo cmd.Parameters.Count, cmd.Properties.Count, p.Properties.Count
cmd.Cancel`,
    prints: [
      '1 5 nm -1 1.5 8 19 4 64 1 6',
      "x'); DELETE FROM Users; -- True 5/6/2004 1.5 -1 4",
      'second 0 9 ins -1 0 1 Connection',
      'nm',
      'act',
      'born',
      'price',
      'ph',
      '4 1 0',
    ],
  },
  "A command's values may be given to Execute, and a recordset opens it": {
    script: `Set cmd = CreateObject("ADODB.Command")
cmd.ActiveConnection = c
cmd.CommandText = "SELECT Name FROM Users WHERE Name = ? AND Id >= ? AND Born > ?"
Set r = cmd.Execute(n, Array("ANN", "1", #1/1/2000#))
WScript.Echo n, r.EOF
cmd.CommandText = "SELECT * FROM Users WHERE Active = ? AND Id = ? ORDER BY Id"
cmd.Parameters.Append cmd.CreateParameter("a", 3, 1, , -1)
cmd.Parameters.Append cmd.CreateParameter("b", 200, 1, 5, "3")
rs.Open cmd, , 1, 3
WScript.Echo rs.RecordCount, rs("Name"), TypeName(rs.ActiveCommand)
rs("Name") = "By command": rs.Update
WScript.Echo c.Execute("SELECT Name FROM Users WHERE Id = 3")(0)`,
    prints: ['-1 0', '1 Cyd Command', 'By command'],
  },
  'Parameters with names in the text, and pieces of a value': {
    script: `Set cmd = CreateObject("ADODB.Command")
Set cmd.ActiveConnection = c
cmd.NamedParameters = True
cmd.CommandText = "SELECT Title FROM Orders WHERE UserId = @who AND Nr > @nr AND UserId = @who"
cmd.Parameters.Append cmd.CreateParameter("@nr", 3, 1, , 10)
cmd.Parameters.Append cmd.CreateParameter("@who", 3, 1, , 1)
WScript.Echo cmd.Execute()(0)
Set p = cmd.CreateParameter("t", 203, 1, 100)
p.AppendChunk "ab": p.AppendChunk "cd"
WScript.Echo p.Value`,
    prints: ['Rum', 'abcd'],
  },
  'Commands say what is wrong with them': {
    script: `Set cmd = CreateObject("ADODB.Command")
On Error Resume Next
cmd.CommandText = "SELECT ?"
cmd.Execute: WScript.Echo Err.Number, Err.Source, Err.Description: Err.Clear
Set cmd.ActiveConnection = c
cmd.Execute: WScript.Echo Hex(Err.Number): Err.Clear
cmd.Parameters.Append cmd.CreateParameter("a"): WScript.Echo Err.Number: Err.Clear
cmd.Parameters.Append cmd.CreateParameter("a", 200, 1): cmd.Execute: WScript.Echo Err.Number: Err.Clear
cmd.Parameters.Append 5: WScript.Echo Err.Number: Err.Clear
x = cmd.Parameters("zz").Value: WScript.Echo Err.Number: Err.Clear
cmd.Parameters.Refresh: WScript.Echo Err.Number: Err.Clear
Set p = cmd.CreateParameter("r", 3, 4): WScript.Echo Err.Number: Err.Clear
Set p = cmd.CreateParameter("i", 3, 1, , "abc"): WScript.Echo Err.Number: Err.Clear
Set cmd = CreateObject("ADODB.Command"): Set cmd.ActiveConnection = c
cmd.CommandText = "sp_Do 1": cmd.CommandType = 4: cmd.Execute: WScript.Echo Hex(Err.Number), Left(Err.Description, 32): Err.Clear
cmd.CommandType = 3: WScript.Echo Err.Number: Err.Clear
cmd.CommandTimeout = -1: WScript.Echo Err.Number`,
    prints: [
      '3709 ADODB.Command The connection cannot be used to perform this operation. It is either closed or invalid in this context.',
      '80040E10',
      '3708',
      '3708',
      '3001',
      '3265',
      '3251',
      '3251',
      '3421',
      '80040E14 Could not find stored procedure ',
      '3001',
      '3001',
    ],
  },
  "Objects out of order give ADO's errors": {
    script: `Set d = CreateObject("ADODB.Connection")
On Error Resume Next
d.Execute "SELECT 1": WScript.Echo Err.Number, Err.Source, Err.Description: Err.Clear
d.Close: WScript.Echo Err.Number: Err.Clear
c.Open "DSN=shop": WScript.Echo Err.Number, Err.Description: Err.Clear
c.ConnectionTimeout = 1: WScript.Echo Err.Number: Err.Clear
x = rs.EOF: WScript.Echo Err.Number, Err.Source: Err.Clear
rs.Open "SELECT 1", d: WScript.Echo Err.Number, Err.Source: Err.Clear
rs.Open: WScript.Echo Err.Number: Err.Clear
rs.Open "SELECT * FROM Users", c, 9: WScript.Echo Err.Number: Err.Clear
rs.Open "SELECT * FROM Users", c: rs.Open "SELECT 1", c: WScript.Echo Err.Number: Err.Clear
rs.CursorType = 3: WScript.Echo Err.Number: Err.Clear
rs.Seek 1: WScript.Echo Err.Number: Err.Clear
rs.Index = "x": WScript.Echo Err.Number: Err.Clear
c.Nonsense: WScript.Echo Err.Number, Err.Description: Err.Clear
c.spDoIt 1: WScript.Echo Err.Number: Err.Clear
x = c.Properties("nope"): WScript.Echo Err.Number: Err.Clear
d.Open "Provider=Nobody.1;Data Source=x": WScript.Echo Err.Number, Err.Description: Err.Clear
d.Open "DSN=nowhere": WScript.Echo Hex(Err.Number), Err.Source: Err.Clear
c.OpenSchema 99: WScript.Echo Err.Number: Err.Clear`,
    prints: [
      '3704 ADODB.Connection Operation is not allowed when the object is closed.',
      '3704',
      '3705 Operation is not allowed when the object is open.',
      '3705',
      '3704 ADODB.Recordset',
      '3709 ADODB.Recordset',
      '3709',
      '3001',
      '3705',
      '3705',
      '3251',
      '3251',
      "438 Object doesn't support this property or method: 'Nonsense'. Stored procedures are not called as methods of a connection here.",
      '438',
      '3265',
      '3706 Provider cannot be found. It may not be properly installed.',
      '80004005 Microsoft OLE DB Provider for ODBC Drivers',
      '3251',
    ],
  },
  'Rows that cannot be found or written say so': {
    script: `rs.Open "SELECT * FROM Orders ORDER BY Nr", c, 1, 3
c.Execute "DELETE FROM Orders WHERE Nr = 10"
On Error Resume Next
rs("Title") = "late": rs.Update: WScript.Echo Hex(Err.Number), Err.Description: Err.Clear
rs.CancelUpdate: rs.MoveNext
rs("Title") = Null: rs.Update: WScript.Echo Err.Number <> 0: Err.Clear
rs.CancelUpdate: rs("Title") = String(30, "y"): WScript.Echo Err.Number: Err.Clear
rs.CancelUpdate
rs.Close: Err.Clear
rs.Open "SELECT Count(*) AS n FROM Orders", c, 1, 3
rs("n") = 5: rs.Update: WScript.Echo Hex(Err.Number), Left(Err.Description, 35): Err.Clear
rs.Close: WScript.Echo Err.Number`,
    prints: [
      '80040E38 Row cannot be located for updating. Some values may have been changed since it was last read.',
      '-1',
      '3421',
      '80004005 Insufficient base table information',
      '3219',
    ],
  },
  'A join is written where the key of its table is among the columns': {
    script: `rs.Open "SELECT o.Nr, o.Title, u.Name FROM Orders AS o INNER JOIN Users AS u ON u.Id = o.UserId ORDER BY o.Nr", c, 1, 3
rs("Title") = "joined": rs.Update
WScript.Echo c.Execute("SELECT Title FROM Orders WHERE Nr = 10")(0)
On Error Resume Next
rs("Name") = "no key": rs.Update: WScript.Echo Hex(Err.Number)`,
    prints: ['joined', '80004005'],
  },
  'Save writes the rows as XML': {
    script: `rs.Open "SELECT Nr, Title FROM Orders ORDER BY Nr", c, 3
rs.Save "C:\\data\\saved-" & c.Properties("DBMS Name") & ".xml", 1
Set doc = CreateObject("Microsoft.XMLDOM")
rs.Save doc, 1
WScript.Echo doc.getElementsByTagName("z:row").length, doc.getElementsByTagName("z:row").item(1).getAttribute("Title") & doc.getElementsByTagName("z:row").item(1).getAttribute("title")
On Error Resume Next
rs.Save "C:\\data\\x.adtg": WScript.Echo Err.Number: Err.Clear
rs.Save "C:\\nowhere\\x.xml", 1: WScript.Echo Err.Number`,
    prints: ['3 Rum', '3251', '3004'],
  },
  'A batch gives its results one after the other': {
    dialect: 'sqlserver',
    script: `Set r = c.Execute("SET NOCOUNT ON; INSERT INTO Users (Name) VALUES (N'Eve'); SELECT SCOPE_IDENTITY() AS id; SELECT COUNT(*) AS n FROM Users")
WScript.Echo r("id")
Set r = r.NextRecordset
WScript.Echo r("n")
Set r = r.NextRecordset
WScript.Echo TypeName(r)
Set r = c.Execute("INSERT INTO Users (Name) VALUES ('Fay') SELECT @@IDENTITY AS id")
WScript.Echo r.State
Set r = r.NextRecordset
WScript.Echo r("id")`,
    prints: ['4', '4', 'Nothing', '0', '5'],
  },
  'Expressions of SQL Server': {
    dialect: 'sqlserver',
    script: `WScript.Echo c.Execute("SELECT TOP 1 [Name] + ' (' + CAST([Id] AS varchar(9)) + ')' FROM dbo.Users WITH (NOLOCK) WHERE Active = 1 ORDER BY Id DESC")(0)
WScript.Echo c.Execute("SELECT DATEDIFF(day, Born, '20030112') FROM Users WHERE Id = 1")(0), c.Execute("SELECT CONVERT(varchar(10), Born, 120) FROM Users WHERE Id = 1")(0)
WScript.Echo c.Execute("SELECT ISNULL(Notes, 'none') FROM Users WHERE Id = 2")(0), c.Execute("SELECT COUNT(*) FROM Users WHERE Born < GETDATE()")(0)
WScript.Echo TypeName(c.Execute("SELECT DATEADD(month, 1, Born) FROM Users WHERE Id = 1")(0).Value), c.Execute("SELECT DATEADD(month, 1, Born) FROM Users WHERE Id = 1")(0)
WScript.Echo c.Execute("SELECT CHARINDEX('N', Name) FROM Users WHERE Id = 1")(0), c.Execute("SELECT LEN(Name) FROM Users WHERE Id = 1")(0)
c.Execute "SELECT Id, Name INTO #t FROM Users"
WScript.Echo c.Execute("SELECT COUNT(*) FROM #t")(0)`,
    prints: ['Cyd (3)', '10 2003-01-02', 'none 2', 'Date 2/2/2003 4:05:06 PM', '2 3', '3'],
  },
  'Expressions of Access': {
    script: `WScript.Echo c.Execute("SELECT Name & '-' & Notes FROM Users WHERE Id = 2")(0), c.Execute("SELECT IIf(Active, 'yes', 'no') FROM Users WHERE Id = 2")(0)
WScript.Echo c.Execute("SELECT Count(*) FROM Users WHERE Active = True AND Born > #1/1/2003#")(0), c.Execute("SELECT Count(*) FROM Users WHERE Name LIKE '[A-C]%'")(0)
WScript.Echo c.Execute("SELECT Max(Born) FROM Users")(0), c.Execute("SELECT Year(Born) FROM Users WHERE Id = 2")(0), c.Execute("SELECT Format(Born, 'dd.mm.yyyy') FROM Users WHERE Id = 1")(0)
WScript.Echo c.Execute("SELECT DateDiff('d', Born, #1/12/2003#) FROM Users WHERE Id = 1")(0), c.Execute("SELECT Born + 1 FROM Users WHERE Id = 2")(0)
WScript.Echo c.Execute("SELECT Score / 2 FROM Users WHERE Id = 3")(0), c.Execute("SELECT Mid(Name, 2) FROM Users WHERE Id = 3")(0), c.Execute("SELECT Nz(Price, 0) FROM Users WHERE Id = 3")(0)
WScript.Echo c.Execute("SELECT TOP 1 Id FROM Users WHERE Born IS NOT NULL ORDER BY Born DESC")(0)
c.Execute "SELECT * INTO Copy FROM Orders": WScript.Echo c.Execute("SELECT Count(*) FROM Copy")(0)
WScript.Echo c.Execute("SELECT Hour(Now()) FROM Users WHERE Id = 1")(0) >= 0, DateDiff("s", c.Execute("SELECT Now() FROM Users WHERE Id = 1")(0), Now) < 100`,
    prints: [
      'bob- no',
      '1 3',
      '1/2/2003 4:05:06 PM 1999 02.01.2003',
      '10 1/1/2000',
      '1.5 yd 0',
      '1',
      '3',
      '-1 -1',
    ],
  },
};

for (const [title, { script, prints, dialect }] of Object.entries(CASES))
  for (const backEnd of BACK_ENDS)
    test(`${title} (${backEnd})`, async () => {
      const run = await bench.run(backEnd, script, dialect);
      const expected: readonly string[] = Array.isArray(prints)
        ? prints
        : (prints as Record<BackEnd, readonly string[]>)[backEnd];
      assert.deepEqual((run.output + run.error).trimEnd().split('\r\n'), expected);
    });

const BIG = `On Error Resume Next
Set r = c.Execute("WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100000) SELECT i FROM n")
WScript.Echo Hex(Err.Number), InStr(Err.Description, "larger than 1000000 rows") > 0`;

for (const backEnd of BACK_ENDS)
  test(`a result that would fill the memory is refused with a clear error (${backEnd})`, async () => {
    const script = backEnd === 'postgresql' ? BIG.replace('WITH n', 'WITH RECURSIVE n') : BIG;
    const { output } = await bench.run(backEnd, script, 'native');
    assert.equal(output, '80004005 -1\r\n');
  });

test('a statement that takes too long on the server ends with Timeout expired, and the connection goes on', async () => {
  const { output } = await bench.run(
    'postgresql',
    `c.CommandTimeout = 1
On Error Resume Next
c.Execute "SELECT pg_sleep(30)"
WScript.Echo Hex(Err.Number), Left(Err.Description, 15)
WScript.Echo c.Execute("SELECT 5")(0)`,
    'native',
  );
  assert.equal(output, '80040E31 Timeout expired\r\n5\r\n');
});

test('no password reaches the script, its errors or what it prints', async () => {
  const { server } = bench;
  const cases: readonly (readonly [string, RegExp])[] = [
    [server.url('shop', { password: 'wrong-secret' }), /^80040E4D Login failed at postgresql:/],
    [server.url('nowhere'), /^80004005 There is no such database: postgresql:/],
    ['postgresql://u:wrong-secret@127.0.0.1:1/d', /^80004005 The server cannot be reached: .*ECONNREFUSED/],
  ];
  for (const [url, told] of cases) {
    const { output, error } = await bench.runWith(
      `On Error Resume Next
Set c = CreateObject("ADODB.Connection")
c.Open "DSN=shop;UID=sa;PWD=old-secret"
WScript.Echo Hex(Err.Number), Err.Description
For Each e In c.Errors: WScript.Echo e.Description, e.SQLState: Next
WScript.Echo c.ConnectionString, c.Properties("Password")`,
      [{ match: 'shop', target: { kind: 'postgresql', url } }],
    );
    assert.match(output, told);
    for (const secret of ['wrong-secret', POSTGRESQL_PASSWORD, encodeURIComponent(POSTGRESQL_PASSWORD)])
      assert.ok(!(output + error).includes(secret), output);
  }
});

test('a connection string shows no password once it is open', async () => {
  const source = await bench.source('sqlite');
  const { output } = await bench.runWith(
    `Set c = CreateObject("ADODB.Connection")
c.Open "DSN=shop;UID=sa;PWD=old-secret;X=1"
WScript.Echo c.ConnectionString`,
    [source],
  );
  assert.equal(output, 'DSN=shop;UID=sa;;X=1\r\n');
});

test('a script reaches no server and no file that it was not given', async () => {
  bench.scripts.write('outside/secret.db', '');
  bench.scripts.write('readonly/text.mdb', 'just text that is longer than a header of anything');
  writeFileSync(
    bench.scripts.path('data', 'old.mdb'),
    Buffer.concat([Buffer.from([0, 1, 0, 0]), Buffer.from('Standard Jet DB\0'), Buffer.alloc(100)]),
  );
  symlinkSync(bench.scripts.path('outside', 'secret.db'), bench.scripts.path('data', 'link.db'));
  const open = (text: string) => `Err.Clear: c.Open "${text}": WScript.Echo Hex(Err.Number), Err.Description
`;
  const { output } = await bench.runWith(
    `Set c = CreateObject("ADODB.Connection")
On Error Resume Next
${[
  'Provider=Microsoft.Jet.OLEDB.4.0;Data Source=C:\\..\\outside\\secret.db',
  `DRIVER={SQLite3 ODBC Driver};Database=${bench.scripts.path('outside', 'secret.db')}`,
  'DRIVER={SQLite3 ODBC Driver};Database=C:\\data\\link.db',
  'DRIVER={SQLite3 ODBC Driver};Database=R:\\new.db',
  'DRIVER={SQLite3 ODBC Driver};Database=file:C:\\data\\x.db?mode=memory',
  'DRIVER={SQLite3 ODBC Driver};Database=:memory:',
  'DRIVER={Microsoft Access Driver (*.mdb)};DBQ=C:\\data\\old.mdb',
  'DRIVER={Microsoft Access Driver (*.mdb)};DBQ=R:\\text.mdb',
  'Provider=SQLOLEDB;Data Source=db.example.test;Initial Catalog=crm;User ID=sa;Password=x',
  'postgresql://u:p@127.0.0.1/shop',
]
  .map(open)
  .join('')}`,
    [],
  );
  const lines = output.trimEnd().split('\r\n');
  const expected = [
    /Could not find file|not a valid path/,
    /Could not find file|not a valid path/,
    /Could not find file/,
    /Could not find file/,
    /Could not find file|not a valid path/,
    /Could not find file|not a valid path|no such/,
    /database of Access, which is not read here.*mdbtools.*--data-source 'old\.mdb=sqlite:FILE'/,
    /Unrecognized database format 'text\.mdb'/,
    /no default driver specified.*--data-source 'crm=sqlite:FILE'/,
    /no default driver specified/,
  ];
  assert.equal(lines.length, expected.length, output);
  for (const [index, pattern] of expected.entries()) {
    assert.match(lines[index]!, pattern);
    assert.match(lines[index]!, /^80004005 /);
  }
});

test('a file of SQLite in a granted folder opens without a row, read-only where the folder is', async () => {
  const source = await bench.source('sqlite');
  assert.ok(source.target.kind === 'sqlite');
  copyFileSync(source.target.file, bench.scripts.path('readonly', 'shop.mdb'));
  copyFileSync(source.target.file, bench.scripts.path('data', 'shop.mdb'));
  const { output } = await bench.runWith(
    `For Each folder In Array("C:\\data", "R:")
Set c = CreateObject("ADODB.Connection")
c.Open "Provider=Microsoft.Jet.OLEDB.4.0;Data Source=" & folder & "\\shop.mdb;Persist Security Info=False"
WScript.Echo c.Provider, c.Execute("SELECT Count(*) FROM Users WHERE Active = True")(0)
On Error Resume Next
c.Execute "DELETE FROM Orders"
WScript.Echo Hex(Err.Number), Left(Err.Description, 39)
c.Close
On Error GoTo 0
Next
Set c = CreateObject("ADODB.Connection")
c.Open "DRIVER={SQLite3 ODBC Driver};Database=C:\\data\\fresh.db"
c.Execute "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)"
c.Execute "INSERT INTO t (b) VALUES ('x')"
WScript.Echo c.Execute("SELECT b || a FROM t LIMIT 1")(0)
Set rs = CreateObject("ADODB.Recordset")
rs.Open "SELECT b FROM t", "DRIVER={SQLite3 ODBC Driver};Database=C:\\data\\fresh.db"
WScript.Echo rs("b")`,
    [],
  );
  assert.deepEqual(output.trimEnd().split('\r\n'), [
    'Microsoft.Jet.OLEDB.4.0 2',
    '0 ',
    'Microsoft.Jet.OLEDB.4.0 2',
    '80004005 Operation must use an updateable query.',
    'x1',
    'x',
  ]);
});

test('what a script left open is closed on the server when it ends', async () => {
  await bench.run('postgresql', 'c.BeginTrans: c.Execute "DELETE FROM Orders"');
  for (;;) {
    const [row] = await bench.server.run(
      'postgres',
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'mailroot'",
    );
    if (row!['n'] === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const [orders] = await bench.server.run('shop', 'SELECT count(*)::int AS n FROM orders');
  assert.equal(orders!['n'], 3);
});
