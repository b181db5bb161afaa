import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { SqlDialect } from '../data-sources.ts';
import { registerFunctions } from '../sqlite-functions.ts';
import type { SqlTarget } from './functions.ts';
import { Schema } from './schema.ts';
import { SqlProblem } from './tokens.ts';
import { translate } from './translate.ts';

const SCHEMA = new Schema([
  {
    name: 'Users',
    columns: [
      { name: 'Id', kind: 'number' },
      { name: 'Name', kind: 'text' },
      { name: 'Active', kind: 'boolean' },
      { name: 'Born', kind: 'date' },
    ],
  },
  {
    name: 'Orders',
    columns: [
      { name: 'UserId', kind: 'number' },
      { name: 'Title', kind: 'text' },
    ],
  },
]);

/** Dialect, what the page wrote, what SQLite gets, what PostgreSQL gets (undefined: refused). `;;` parts statements. */
const TRANSLATIONS: readonly (readonly [SqlDialect, string, string, string | undefined])[] = [
  ['access', 'SELECT * FROM Users', 'SELECT * FROM Users', 'SELECT * FROM "Users"'],
  [
    'access',
    'SELECT TOP 5 * FROM Users ORDER BY Id DESC',
    'SELECT * FROM Users ORDER BY Id DESC LIMIT 5',
    'SELECT * FROM "Users" ORDER BY "Id" DESC LIMIT 5',
  ],
  [
    'access',
    'SELECT DISTINCT TOP 2 Name FROM Users',
    'SELECT DISTINCT Name FROM Users LIMIT 2',
    'SELECT DISTINCT "Name" FROM "Users" LIMIT 2',
  ],
  ['access', 'SELECT DISTINCTROW Name FROM Users', 'SELECT Name FROM Users', 'SELECT "Name" FROM "Users"'],
  [
    'sqlserver',
    'SELECT TOP (3) Name FROM dbo.Users WITH (NOLOCK)',
    'SELECT Name FROM Users LIMIT 3',
    'SELECT "Name" FROM "Users" LIMIT 3',
  ],
  [
    'sqlserver',
    'SELECT u.Name FROM Users u (NOLOCK), Orders AS o WITH (NOLOCK, READPAST) WHERE u.Id = o.UserId',
    'SELECT u.Name FROM Users u, Orders AS o WHERE u.Id = o.UserId',
    'SELECT u."Name" FROM "Users" u, "Orders" AS o WHERE u."Id" = o."UserId"',
  ],
  [
    'access',
    'SELECT [Name], [Full Name] FROM [Users]',
    'SELECT "Name", "Full Name" FROM "Users"',
    'SELECT "Name", "Full Name" FROM "Users"',
  ],
  [
    'access',
    'SELECT Name FROM Users WHERE Born = #1/2/2003#',
    "SELECT Name FROM Users WHERE ado_date(Born) = '2003-01-02 00:00:00'",
    `SELECT "Name" FROM "Users" WHERE "Born" = timestamp '2003-01-02 00:00:00'`,
  ],
  [
    'access',
    'SELECT Name FROM Users WHERE Born BETWEEN #2003-01-02# AND #1/2/2003 4:05:06 PM#',
    "SELECT Name FROM Users WHERE ado_date(Born) BETWEEN '2003-01-02 00:00:00' AND '2003-01-02 16:05:06'",
    `SELECT "Name" FROM "Users" WHERE "Born" BETWEEN timestamp '2003-01-02 00:00:00' AND timestamp '2003-01-02 16:05:06'`,
  ],
  [
    'access',
    'SELECT Name FROM Users WHERE Born > #13-Feb-2003# OR Born < #12:30 PM#',
    "SELECT Name FROM Users WHERE ado_date(Born) > '2003-02-13 00:00:00' OR ado_date(Born) < '1899-12-30 12:30:00'",
    `SELECT "Name" FROM "Users" WHERE "Born" > timestamp '2003-02-13 00:00:00' OR "Born" < timestamp '1899-12-30 12:30:00'`,
  ],
  [
    'access',
    'SELECT Name FROM Users WHERE Born >= Date() - 7',
    "SELECT Name FROM Users WHERE ado_date(Born) >= ado_plus((date('now', 'localtime') || ' 00:00:00'), -(7))",
    `SELECT "Name" FROM "Users" WHERE "Born" >= (CAST(current_date AS timestamp) + -(7) * interval '1 day')`,
  ],
  [
    'access',
    'SELECT Now(), Date(), Time()',
    "SELECT datetime('now', 'localtime'), (date('now', 'localtime') || ' 00:00:00'), ('1899-12-30 ' || time('now', 'localtime'))",
    "SELECT CAST(date_trunc('second', localtimestamp) AS timestamp), CAST(current_date AS timestamp), (timestamp '1899-12-30' + CAST(localtime(0) AS interval))",
  ],
  [
    'sqlserver',
    'SELECT GETDATE(), GETUTCDATE(), CURRENT_TIMESTAMP',
    "SELECT datetime('now', 'localtime'), datetime('now'), datetime('now', 'localtime')",
    "SELECT CAST(date_trunc('second', localtimestamp) AS timestamp), date_trunc('second', timezone('utc', now())), localtimestamp(0)",
  ],
  [
    'sqlserver',
    'SELECT * FROM Users WHERE Born < DATEADD(day, -30, GETDATE())',
    "SELECT * FROM Users WHERE ado_date(Born) < ado_dateadd('day', - 30, datetime('now', 'localtime'))",
    `SELECT * FROM "Users" WHERE "Born" < (CAST(CAST(date_trunc('second', localtimestamp) AS timestamp) AS timestamp) + (- 30) * interval '1 day')`,
  ],
  [
    'access',
    "SELECT DateAdd('m', 1, Born) FROM Users",
    "SELECT ado_dateadd('month', 1, Born) FROM Users",
    `SELECT (CAST("Born" AS timestamp) + (1) * interval '1 month') FROM "Users"`,
  ],
  [
    'access',
    "SELECT DateDiff('d', Born, Now()) AS Days FROM Users",
    "SELECT ado_datediff('day', Born, datetime('now', 'localtime')) AS Days FROM Users",
    `SELECT (CAST(CAST(date_trunc('second', localtimestamp) AS timestamp) AS date) - CAST("Born" AS date)) AS Days FROM "Users"`,
  ],
  [
    'sqlserver',
    'SELECT DATEDIFF(hh, Born, GETDATE()) FROM Users',
    "SELECT ado_datediff('hour', Born, datetime('now', 'localtime')) FROM Users",
    `SELECT CAST(EXTRACT(epoch FROM date_trunc('hour', CAST(CAST(date_trunc('second', localtimestamp) AS timestamp) AS timestamp)) - date_trunc('hour', CAST("Born" AS timestamp))) / 3600 AS integer) FROM "Users"`,
  ],
  [
    'access',
    'SELECT Year(Born), Month(Born), Day(Born), Weekday(Born) FROM Users',
    "SELECT ado_datepart('year', Born), ado_datepart('month', Born), ado_datepart('day', Born), ado_datepart('weekday', Born) FROM Users",
    'SELECT CAST(EXTRACT(year FROM CAST("Born" AS timestamp)) AS integer), CAST(EXTRACT(month FROM CAST("Born" AS timestamp)) AS integer), CAST(EXTRACT(day FROM CAST("Born" AS timestamp)) AS integer), (CAST(EXTRACT(dow FROM CAST("Born" AS timestamp)) AS integer) + 1) FROM "Users"',
  ],
  [
    'sqlserver',
    'SELECT DATEPART(quarter, Born), DATENAME(month, Born) FROM Users',
    "SELECT ado_datepart('quarter', Born), ado_datename('month', Born) FROM Users",
    `SELECT CAST(EXTRACT(quarter FROM CAST("Born" AS timestamp)) AS integer), to_char(CAST("Born" AS timestamp), 'FMMonth') FROM "Users"`,
  ],
  [
    'access',
    "SELECT DateSerial(2003, 1, 2), DateValue('1/2/2003')",
    "SELECT ado_dateserial(2003, 1, 2), ado_day('1/2/2003')",
    "SELECT (make_timestamp(CAST(2003 AS integer), 1, 1, 0, 0, 0) + (1 - 1) * interval '1 month' + (2 - 1) * interval '1 day'), date_trunc('day', CAST('1/2/2003' AS timestamp))",
  ],
  ['access', 'SELECT @@IDENTITY', 'SELECT last_insert_rowid()', 'SELECT lastval()'],
  [
    'sqlserver',
    'SELECT SCOPE_IDENTITY() AS id',
    'SELECT last_insert_rowid() AS id',
    'SELECT lastval() AS id',
  ],
  ['sqlserver', 'SELECT @@ROWCOUNT', 'SELECT changes()', undefined],
  [
    'access',
    'SELECT * FROM Users WHERE Active = True',
    'SELECT * FROM Users WHERE Active <> 0',
    'SELECT * FROM "Users" WHERE "Active" = true',
  ],
  [
    'access',
    'SELECT * FROM Users WHERE Active = False',
    'SELECT * FROM Users WHERE Active = 0',
    'SELECT * FROM "Users" WHERE "Active" = false',
  ],
  [
    'access',
    'SELECT * FROM Users WHERE Active <> True AND Id > 1',
    'SELECT * FROM Users WHERE Active = 0 AND Id > 1',
    'SELECT * FROM "Users" WHERE "Active" = false AND "Id" > 1',
  ],
  [
    'access',
    'SELECT * FROM Users WHERE Active = Yes',
    'SELECT * FROM Users WHERE Active <> 0',
    'SELECT * FROM "Users" WHERE "Active" = true',
  ],
  [
    'access',
    'SELECT * FROM Users WHERE Active = -1',
    'SELECT * FROM Users WHERE Active <> 0',
    'SELECT * FROM "Users" WHERE "Active" = true',
  ],
  [
    'sqlserver',
    'SELECT * FROM Users WHERE Active = 1',
    'SELECT * FROM Users WHERE Active <> 0',
    'SELECT * FROM "Users" WHERE "Active" = true',
  ],
  [
    'access',
    'UPDATE Users SET Active = True WHERE Id = 3',
    'UPDATE Users SET Active = 1 WHERE Id = 3',
    'UPDATE "Users" SET "Active" = true WHERE "Id" = 3',
  ],
  [
    'sqlserver',
    "UPDATE Users SET Active = 0, Name = N'O''Hara' WHERE Id = 3",
    "UPDATE Users SET Active = 0, Name = 'O''Hara' WHERE Id = 3",
    `UPDATE "Users" SET "Active" = false, "Name" = 'O''Hara' WHERE "Id" = 3`,
  ],
  [
    'access',
    "UPDATE Users SET Users.Name = 'x' WHERE Users.Id = 3",
    "UPDATE Users SET Name = 'x' WHERE Users.Id = 3",
    `UPDATE "Users" SET "Name" = 'x' WHERE "Users"."Id" = 3`,
  ],
  [
    'access',
    "UPDATE Users SET Born = '1/2/2003' WHERE Id = 3",
    "UPDATE Users SET Born = '2003-01-02 00:00:00' WHERE Id = 3",
    `UPDATE "Users" SET "Born" = '2003-01-02 00:00:00' WHERE "Id" = 3`,
  ],
  [
    'access',
    "INSERT INTO Users (Name, Active, Born) VALUES ('ann', True, #1/2/2003#)",
    "INSERT INTO Users (Name, Active, Born) VALUES ('ann', 1, '2003-01-02 00:00:00')",
    `INSERT INTO "Users" ("Name", "Active", "Born") VALUES ('ann', true, timestamp '2003-01-02 00:00:00')`,
  ],
  [
    'sqlserver',
    "INSERT Users (Name, Active) VALUES ('a', 1), ('b', 0)",
    "INSERT INTO Users (Name, Active) VALUES ('a', 1), ('b', 0)",
    `INSERT INTO "Users" ("Name", "Active") VALUES ('a', true), ('b', false)`,
  ],
  [
    'access',
    "INSERT INTO Users VALUES (1, 'ann', Yes, '1/2/2003')",
    "INSERT INTO Users VALUES (1, 'ann', 1, '2003-01-02 00:00:00')",
    `INSERT INTO "Users" VALUES (1, 'ann', true, '2003-01-02 00:00:00')`,
  ],
  [
    'access',
    'INSERT INTO Users (Name) SELECT TOP 3 Title FROM Orders',
    'INSERT INTO Users (Name) SELECT Title FROM Orders LIMIT 3',
    'INSERT INTO "Users" ("Name") SELECT "Title" FROM "Orders" LIMIT 3',
  ],
  [
    'sqlserver',
    'INSERT INTO Users DEFAULT VALUES',
    'INSERT INTO Users DEFAULT VALUES',
    'INSERT INTO "Users" DEFAULT VALUES',
  ],
  [
    'sqlserver',
    "INSERT INTO Users (Name) OUTPUT INSERTED.Id VALUES ('a')",
    "INSERT INTO Users (Name) VALUES ('a') RETURNING Id",
    `INSERT INTO "Users" ("Name") VALUES ('a') RETURNING "Id"`,
  ],
  [
    'access',
    'DELETE * FROM Users WHERE Id = 3',
    'DELETE FROM Users WHERE Id = 3',
    'DELETE FROM "Users" WHERE "Id" = 3',
  ],
  ['access', 'DELETE FROM Users', 'DELETE FROM Users', 'DELETE FROM "Users"'],
  [
    'sqlserver',
    'DELETE Users WHERE Id = 3',
    'DELETE FROM Users WHERE Id = 3',
    'DELETE FROM "Users" WHERE "Id" = 3',
  ],
  [
    'access',
    "SELECT Name & ' ' & Id AS Label FROM Users",
    "SELECT (coalesce(CAST(Name AS TEXT), '') || coalesce(CAST(' ' AS TEXT), '') || coalesce(CAST(Id AS TEXT), '')) AS Label FROM Users",
    `SELECT (coalesce(CAST("Name" AS TEXT), '') || coalesce(CAST(' ' AS TEXT), '') || coalesce(CAST("Id" AS TEXT), '')) AS Label FROM "Users"`,
  ],
  [
    'access',
    "SELECT 'a' + Name FROM Users",
    "SELECT 'a' || Name FROM Users",
    `SELECT 'a' || "Name" FROM "Users"`,
  ],
  [
    'sqlserver',
    "SELECT Name + ' (' + CAST(Id AS varchar(10)) + ')' AS Label FROM Users",
    "SELECT Name || ' (' || substr(CAST(Id AS TEXT), 1, 10) || ')' AS Label FROM Users",
    `SELECT "Name" || ' (' || CAST("Id" AS varchar(10)) || ')' AS Label FROM "Users"`,
  ],
  [
    'sqlserver',
    'SELECT Id + 1, Id & 4 FROM Users',
    'SELECT Id + 1, Id & 4 FROM Users',
    'SELECT "Id" + 1, "Id" & 4 FROM "Users"',
  ],
  [
    'access',
    'SELECT Id / 2, Id \\ 2, Id Mod 2, Id ^ 2 FROM Users',
    'SELECT Id * 1.0 / 2, CAST(Id AS INTEGER) / CAST(2 AS INTEGER), Id % 2, power(Id, 2) FROM Users',
    'SELECT "Id" * 1.0 / 2, CAST("Id" AS INTEGER) / CAST(2 AS INTEGER), "Id" % 2, power("Id", 2) FROM "Users"',
  ],
  [
    'access',
    "SELECT IIf(Active, 'yes', 'no') FROM Users",
    "SELECT CASE WHEN Active THEN 'yes' ELSE 'no' END FROM Users",
    `SELECT CASE WHEN "Active" THEN 'yes' ELSE 'no' END FROM "Users"`,
  ],
  [
    'access',
    "SELECT Nz(Name, '-'), IsNull(Name) FROM Users",
    "SELECT coalesce(Name, '-'), (Name IS NULL) FROM Users",
    `SELECT coalesce("Name", '-'), ("Name" IS NULL) FROM "Users"`,
  ],
  [
    'sqlserver',
    "SELECT ISNULL(Name, '-') FROM Users",
    "SELECT coalesce(Name, '-') FROM Users",
    `SELECT coalesce("Name", '-') FROM "Users"`,
  ],
  [
    'access',
    'SELECT Len(Name), UCase(Name), LCase(Name), Mid(Name, 2, 3), Left(Name, 1), Right(Name, 2), Trim(Name) FROM Users',
    'SELECT length(CAST(Name AS text)), upper(Name), lower(Name), substr(Name, 2, 3), substr(Name, 1, 1), ado_right(Name, 2), trim(Name) FROM Users',
    'SELECT length(CAST("Name" AS text)), upper("Name"), lower("Name"), substr(CAST("Name" AS text), 2, 3), substr(CAST("Name" AS text), 1, 1), right(CAST("Name" AS text), 2), btrim(CAST("Name" AS text)) FROM "Users"',
  ],
  [
    'sqlserver',
    'SELECT LEN(Name), SUBSTRING(Name, 2, 3), LEFT(Name, 1), RIGHT(Name, 2), LTRIM(RTRIM(Name)) FROM Users',
    'SELECT length(CAST(Name AS text)), substr(Name, 2, 3), substr(Name, 1, 1), ado_right(Name, 2), ltrim(rtrim(Name)) FROM Users',
    'SELECT length(CAST("Name" AS text)), substr(CAST("Name" AS text), 2, 3), substr(CAST("Name" AS text), 1, 1), right(CAST("Name" AS text), 2), ltrim(CAST(rtrim(CAST("Name" AS text)) AS text)) FROM "Users"',
  ],
  [
    'access',
    "SELECT InStr(Name, 'n'), InStr(2, Name, 'n') FROM Users",
    "SELECT ado_instr(Name, 'n', 1), ado_instr(Name, 'n', 2) FROM Users",
    `SELECT strpos(lower(CAST("Name" AS text)), lower(CAST('n' AS text))), coalesce(nullif(strpos(substr(lower(CAST("Name" AS text)), 2), lower(CAST('n' AS text))), 0) + 2 - 1, 0) FROM "Users"`,
  ],
  [
    'sqlserver',
    "SELECT CHARINDEX('n', Name), REPLACE(Name, 'a', 'b'), REVERSE(Name), STUFF(Name, 1, 2, 'x') FROM Users",
    "SELECT ado_instr(Name, 'n', 1), replace(CAST(Name AS text), 'a', 'b'), ado_reverse(Name), (substr(Name, 1, 1 - 1) || 'x' || substr(Name, 1 + 2)) FROM Users",
    `SELECT strpos(lower(CAST("Name" AS text)), lower(CAST('n' AS text))), replace(CAST("Name" AS text), 'a', 'b'), reverse(CAST("Name" AS text)), overlay(CAST("Name" AS text) placing 'x' from 1 for 2) FROM "Users"`,
  ],
  [
    'access',
    "SELECT Chr(65), Asc('A'), Space(3), String(3, '*'), StrReverse('abc')",
    "SELECT char(65), unicode('A'), ado_repeat(' ', 3), ado_repeat(substr('*', 1, 1), 3), ado_reverse('abc')",
    "SELECT chr(65), ascii('A'), repeat(' ', 3), repeat(substr('*', 1, 1), 3), reverse(CAST('abc' AS text))",
  ],
  [
    'access',
    'SELECT CInt(Name), CDbl(Name), CStr(Id), CCur(Id), CDate(Name), Val(Name) FROM Users',
    'SELECT CAST(round(Name) AS INTEGER), CAST(Name AS REAL), CAST(Id AS text), round(CAST(Id AS REAL), 4), ado_date(Name), CAST(Name AS REAL) FROM Users',
    `SELECT CAST(round(CAST("Name" AS numeric)) AS bigint), CAST("Name" AS double precision), CAST("Id" AS text), CAST("Id" AS numeric(19, 4)), CAST("Name" AS timestamp), coalesce(CAST(substring(CAST("Name" AS text) from '^ *([-+]?[0-9]+[.]?[0-9]*)') AS double precision), 0) FROM "Users"`,
  ],
  [
    'access',
    'SELECT Round(Id, 2), Int(Id), Fix(Id), Sgn(Id), Sqr(Id), Abs(Id) FROM Users',
    'SELECT round(Id, 2), floor(Id), trunc(Id), sign(Id), sqrt(Id), Abs(Id) FROM Users',
    'SELECT round(CAST("Id" AS numeric), 2), floor("Id"), trunc("Id"), sign("Id"), sqrt("Id"), Abs("Id") FROM "Users"',
  ],
  [
    'access',
    "SELECT Switch(Id = 1, 'one', Id = 2, 'two'), Choose(Id, 'a', 'b') FROM Users",
    "SELECT CASE WHEN Id = 1 THEN 'one' WHEN Id = 2 THEN 'two' END, CASE Id WHEN 1 THEN 'a' WHEN 2 THEN 'b' END FROM Users",
    `SELECT CASE WHEN "Id" = 1 THEN 'one' WHEN "Id" = 2 THEN 'two' END, CASE "Id" WHEN 1 THEN 'a' WHEN 2 THEN 'b' END FROM "Users"`,
  ],
  [
    'access',
    "SELECT Format(Born, 'dd/mm/yyyy hh:nn') FROM Users",
    "SELECT ado_format(Born, 'dd/mm/yyyy hh:nn') FROM Users",
    `SELECT to_char(CAST("Born" AS timestamp), 'DD/MM/YYYY HH24:MI') FROM "Users"`,
  ],
  [
    'access',
    "SELECT Format(Id, '#,##0.00') FROM Users",
    "SELECT ado_format(Id, '#,##0.00') FROM Users",
    `SELECT to_char(CAST("Id" AS numeric), 'FM9,990.00') FROM "Users"`,
  ],
  [
    'sqlserver',
    'SELECT CONVERT(varchar(10), Born, 103) FROM Users',
    "SELECT substr(ado_format(Born, 'dd/mm/yyyy'), 1, 10) FROM Users",
    `SELECT substr(to_char(CAST("Born" AS timestamp), 'DD/MM/YYYY'), 1, 10) FROM "Users"`,
  ],
  [
    'sqlserver',
    'SELECT CONVERT(varchar, Born, 120), CONVERT(int, Name), CAST(Name AS datetime) FROM Users',
    "SELECT ado_format(Born, 'yyyy-mm-dd hh:nn:ss'), CAST(Name AS INTEGER), ado_date(Name) FROM Users",
    `SELECT to_char(CAST("Born" AS timestamp), 'YYYY-MM-DD HH24:MI:SS'), CAST("Name" AS integer), CAST("Name" AS timestamp) FROM "Users"`,
  ],
  [
    'access',
    "SELECT * FROM Users WHERE Name LIKE '%an%'",
    "SELECT * FROM Users WHERE Name LIKE '%an%'",
    `SELECT * FROM "Users" WHERE "Name" ILIKE '%an%' ESCAPE ''`,
  ],
  [
    'access',
    "SELECT * FROM Users WHERE Name NOT LIKE 'a_'",
    "SELECT * FROM Users WHERE Name NOT LIKE 'a_'",
    `SELECT * FROM "Users" WHERE "Name" NOT ILIKE 'a_' ESCAPE ''`,
  ],
  [
    'access',
    "SELECT * FROM Users WHERE Name LIKE '[a-c]%'",
    "SELECT * FROM Users WHERE ado_like('[a-c]%', Name)",
    `SELECT * FROM "Users" WHERE "Name" ~* '^[a-c].*$'`,
  ],
  [
    'access',
    "SELECT * FROM Users WHERE Name LIKE 'a*'",
    "SELECT * FROM Users WHERE Name LIKE 'a*'",
    `SELECT * FROM "Users" WHERE "Name" ILIKE 'a*' ESCAPE ''`,
  ],
  [
    'access',
    "SELECT * FROM Users WHERE Name = 'Ann' AND Id IN (1, 2, 3)",
    "SELECT * FROM Users WHERE Name = 'Ann' COLLATE NOCASE AND Id IN (1, 2, 3)",
    `SELECT * FROM "Users" WHERE lower("Name") = lower('Ann') AND "Id" IN (1, 2, 3)`,
  ],
  [
    'access',
    'SELECT * FROM Users WHERE Id = ? AND Name = ?',
    'SELECT * FROM Users WHERE Id = ?1 AND Name = ?2 COLLATE NOCASE',
    'SELECT * FROM "Users" WHERE "Id" = $1 AND "Name" = $2',
  ],
  [
    'sqlserver',
    'SELECT * FROM Users WHERE Id = @id',
    'SELECT * FROM Users WHERE Id = ?1',
    'SELECT * FROM "Users" WHERE "Id" = $1',
  ],
  [
    'access',
    'SELECT Name FROM Users WHERE Id IN (SELECT TOP 1 UserId FROM Orders)',
    'SELECT Name FROM Users WHERE Id IN (SELECT UserId FROM Orders LIMIT 1)',
    'SELECT "Name" FROM "Users" WHERE "Id" IN (SELECT "UserId" FROM "Orders" LIMIT 1)',
  ],
  [
    'access',
    'SELECT TOP 1 Name FROM Users UNION SELECT Title FROM Orders',
    'SELECT * FROM (SELECT Name FROM Users LIMIT 1) UNION SELECT Title FROM Orders',
    'SELECT * FROM (SELECT "Name" FROM "Users" LIMIT 1) AS limited UNION SELECT "Title" FROM "Orders"',
  ],
  [
    'access',
    'SELECT u.Name, o.Title FROM (Users AS u INNER JOIN Orders AS o ON u.Id = o.UserId) LEFT JOIN Users AS v ON v.Id = o.UserId',
    'SELECT u.Name, o.Title FROM (Users AS u INNER JOIN Orders AS o ON u.Id = o.UserId) LEFT JOIN Users AS v ON v.Id = o.UserId',
    'SELECT u."Name", o."Title" FROM ("Users" AS u INNER JOIN "Orders" AS o ON u."Id" = o."UserId") LEFT JOIN "Users" AS v ON v."Id" = o."UserId"',
  ],
  [
    'access',
    'SELECT Count(*) AS N, Max(Born) FROM Users GROUP BY Active HAVING Count(*) > 1',
    'SELECT Count(*) AS N, Max(Born) FROM Users GROUP BY Active HAVING Count(*) > 1',
    'SELECT Count(*) AS N, Max("Born") FROM "Users" GROUP BY "Active" HAVING Count(*) > 1',
  ],
  [
    'access',
    'SELECT First(Name), Last(Name) FROM Users',
    'SELECT min(Name), max(Name) FROM Users',
    'SELECT min("Name"), max("Name") FROM "Users"',
  ],
  [
    'access',
    'SELECT * INTO Backup FROM Users',
    'CREATE TABLE Backup AS SELECT * FROM Users',
    'CREATE TABLE Backup AS SELECT * FROM "Users"',
  ],
  [
    'sqlserver',
    'SELECT Id INTO #t FROM Users',
    'CREATE TEMP TABLE "#t" AS SELECT Id FROM Users',
    'CREATE TEMP TABLE "#t" AS SELECT "Id" FROM "Users"',
  ],
  [
    'sqlserver',
    "SET NOCOUNT ON; INSERT INTO Users (Name) VALUES ('a'); SELECT @@IDENTITY AS id",
    "INSERT INTO Users (Name) VALUES ('a') ;; SELECT last_insert_rowid() AS id",
    `INSERT INTO "Users" ("Name") VALUES ('a') ;; SELECT lastval() AS id`,
  ],
  [
    'sqlserver',
    "SET NOCOUNT ON INSERT INTO Users (Name) VALUES ('a') SELECT SCOPE_IDENTITY() AS id SET NOCOUNT OFF",
    "INSERT INTO Users (Name) VALUES ('a') ;; SELECT last_insert_rowid() AS id",
    `INSERT INTO "Users" ("Name") VALUES ('a') ;; SELECT lastval() AS id`,
  ],
  [
    'sqlserver',
    'SELECT Label = Name, Id FROM Users',
    'SELECT Name AS Label, Id FROM Users',
    'SELECT "Name" AS Label, "Id" FROM "Users"',
  ],
  [
    'sqlserver',
    'SELECT Name FROM Users ORDER BY Id OFFSET 10 ROWS FETCH NEXT 5 ROWS ONLY',
    'SELECT Name FROM Users ORDER BY Id LIMIT 5 OFFSET 10',
    'SELECT "Name" FROM "Users" ORDER BY "Id" LIMIT 5 OFFSET 10',
  ],
  [
    'sqlserver',
    'SELECT TOP 1 * FROM Users ORDER BY NEWID()',
    'SELECT * FROM Users ORDER BY ado_guid() LIMIT 1',
    'SELECT * FROM "Users" ORDER BY gen_random_uuid() LIMIT 1',
  ],
  [
    'sqlserver',
    "SELECT CASE WHEN Active = 1 THEN 'y' ELSE 'n' END FROM Users",
    "SELECT CASE WHEN Active <> 0 THEN 'y' ELSE 'n' END FROM Users",
    `SELECT CASE WHEN "Active" = true THEN 'y' ELSE 'n' END FROM "Users"`,
  ],
  [
    'sqlserver',
    "/* who /* nested */ */ SELECT Name -- comment ' here\nFROM Users",
    'SELECT Name FROM Users',
    'SELECT "Name" FROM "Users"',
  ],
  ['access', `SELECT "it's" FROM Users`, "SELECT 'it''s' FROM Users", `SELECT 'it''s' FROM "Users"`],
  [
    'access',
    'CREATE TABLE T (Id COUNTER CONSTRAINT pk PRIMARY KEY, Title TEXT(50) NOT NULL, Notes MEMO, Done YESNO, Price CURRENCY, Made DATETIME DEFAULT Now(), Pic OLEOBJECT)',
    "CREATE TABLE T (Id INTEGER PRIMARY KEY AUTOINCREMENT, Title VARCHAR(50) COLLATE NOCASE NOT NULL, Notes LONGTEXT COLLATE NOCASE, Done BOOLEAN, Price CURRENCY, Made DATETIME DEFAULT (datetime('now', 'localtime')), Pic BLOB)",
    "CREATE TABLE T (Id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, Title varchar(50) NOT NULL, Notes text, Done boolean, Price numeric(19, 4), Made timestamp DEFAULT (CAST(date_trunc('second', localtimestamp) AS timestamp)), Pic bytea)",
  ],
  [
    'sqlserver',
    'CREATE TABLE [dbo].[T] ([Id] [int] IDENTITY(1,1) NOT NULL, [Title] [nvarchar](50) NULL, [Body] nvarchar(max), Made datetime DEFAULT (getdate()), Ok bit DEFAULT ((0)), CONSTRAINT [PK_T] PRIMARY KEY CLUSTERED ([Id] ASC))',
    `CREATE TABLE "T" ("Id" INTEGER PRIMARY KEY AUTOINCREMENT, "Title" VARCHAR(50) COLLATE NOCASE, "Body" LONGTEXT COLLATE NOCASE, Made DATETIME DEFAULT (datetime('now', 'localtime')), Ok BOOLEAN DEFAULT (0))`,
    `CREATE TABLE "t" ("id" integer GENERATED BY DEFAULT AS IDENTITY, "title" varchar(50), "body" text, Made timestamp DEFAULT (CAST(date_trunc('second', localtimestamp) AS timestamp)), Ok boolean DEFAULT (false), CONSTRAINT "pk_t" PRIMARY KEY("id"))`,
  ],
  [
    'access',
    'ALTER TABLE Users ADD COLUMN Email TEXT(80)',
    'ALTER TABLE Users ADD COLUMN Email VARCHAR(80) COLLATE NOCASE',
    'ALTER TABLE "Users" ADD COLUMN Email varchar(80)',
  ],
  [
    'access',
    'ALTER TABLE Users DROP COLUMN Name',
    'ALTER TABLE Users DROP COLUMN Name',
    'ALTER TABLE "Users" DROP COLUMN "Name"',
  ],
  [
    'access',
    'CREATE UNIQUE INDEX ix ON Users (Name)',
    'CREATE UNIQUE INDEX ix ON Users (Name)',
    'CREATE UNIQUE INDEX ix ON "Users" ("Name")',
  ],
  ['access', 'DROP INDEX ix ON Users', 'DROP INDEX ix', 'DROP INDEX ix'],
  ['access', 'DROP TABLE Users', 'DROP TABLE Users', 'DROP TABLE "Users"'],
  ['sqlserver', 'TRUNCATE TABLE Users', 'DELETE FROM Users', 'TRUNCATE TABLE "Users" RESTART IDENTITY'],
  ['sqlserver', 'BEGIN TRANSACTION', 'BEGIN', 'BEGIN'],
  [
    'sqlserver',
    'WITH recent AS (SELECT TOP 3 * FROM Users) SELECT Name FROM recent',
    'WITH recent AS (SELECT * FROM Users LIMIT 3) SELECT Name FROM recent',
    'WITH recent AS (SELECT * FROM "Users" LIMIT 3) SELECT "Name" FROM recent',
  ],
  ['access', 'SELECT Users.* FROM Users;', 'SELECT Users.* FROM Users', 'SELECT "Users".* FROM "Users"'],
  ['sqlserver', 'SELECT 0xFF, 1.5E3, .5', "SELECT x'FF', 1.5E3, .5", "SELECT '\\xFF'::bytea, 1.5E3, .5"],
];

/** What cannot be translated: the text of the complaint and the place it names. */
const REFUSED: readonly (readonly [SqlDialect, SqlTarget, string, RegExp, at: number])[] = [
  ['sqlserver', 'sqlite', 'EXEC sp_users 1', /stored procedures are not run here/, 0],
  ['sqlserver', 'sqlite', 'DECLARE @a int', /variables of Transact-SQL/, 0],
  ['sqlserver', 'sqlite', 'IF EXISTS (SELECT 1) SELECT 2', /IF of Transact-SQL/, 0],
  ['sqlserver', 'sqlite', 'WHILE 1 = 1 SELECT 2', /loops of Transact-SQL/, 0],
  ['access', 'sqlite', 'TRANSFORM Count(*) SELECT Name FROM Users', /crosstab/, 0],
  ['access', 'sqlite', 'PARAMETERS p Text; SELECT 1', /Characters found after end of SQL statement/, 19],
  ['access', 'sqlite', 'SELECT 1; DROP TABLE Users', /Characters found after end of SQL statement/, 10],
  ['sqlserver', 'sqlite', 'SELECT TOP 5 PERCENT * FROM Users', /TOP n PERCENT/, 7],
  ['sqlserver', 'sqlite', 'SELECT @x = Name FROM Users', /variables of Transact-SQL/, 7],
  ['sqlserver', 'sqlite', 'SELECT Name FROM Users FOR XML AUTO', /FOR XML/, 23],
  ['sqlserver', 'sqlite', 'SELECT * FROM Users CROSS APPLY f(Id)', /APPLY/, 26],
  ['sqlserver', 'sqlite', 'SELECT CONVERT(varchar, Born, 131) FROM Users', /style 131/, 7],
  ['sqlserver', 'postgresql', 'SELECT @@ROWCOUNT', /@@ROWCOUNT has no counterpart/, 7],
  ['sqlserver', 'sqlite', 'SELECT @@VERSION', /@@VERSION has no counterpart/, 7],
  [
    'access',
    'sqlite',
    'UPDATE Users INNER JOIN Orders ON Id = UserId SET Name = Title',
    /UPDATE over joined tables/,
    13,
  ],
  ['sqlserver', 'sqlite', 'UPDATE Users SET Name = 1 FROM Orders', /UPDATE over joined tables/, 26],
  [
    'access',
    'sqlite',
    'DELETE Users.* FROM Users INNER JOIN Orders ON Id = UserId',
    /DELETE over joined tables/,
    26,
  ],
  ['access', 'sqlite', "SELECT * FROM Users IN 'C:\\other.mdb'", /another database file/, 20],
  ['access', 'sqlite', 'INSERT INTO Users (Id, Name) VALUES (1)', /Number of query values/, 36],
  ['access', 'sqlite', 'SELECT DateAdd(x, 1, Born) FROM Users', /no unit of time/, 7],
  ['access', 'sqlite', 'SELECT Mid(Name) FROM Users', /Mid takes 2 to 3 arguments/, 7],
  ['access', 'sqlite', 'CREATE TABLE t (a NONSENSE)', /type 'nonsense' is not known/, 18],
  ['access', 'sqlite', 'ALTER TABLE Users ALTER COLUMN Name TEXT(10)', /SQLite cannot change a column/, 18],
  ['access', 'sqlite', "SELECT 'open FROM Users", /a text is not closed/, 7],
  ['access', 'sqlite', 'SELECT [open FROM Users', /a bracket is not closed/, 7],
  ['access', 'sqlite', 'SELECT (1 FROM Users', /a parenthesis is not closed/, 7],
  ['access', 'sqlite', 'SELECT 1) FROM Users', /closed that was not opened/, 8],
  ['access', 'sqlite', 'SELECT #31/31/2003#', /a date is not written/, 7],
  ['sqlserver', 'sqlite', 'SELECT 1 /* open', /a comment is not closed/, 9],
  ['access', 'sqlite', 'HELLO world', /cannot begin with 'HELLO'/, 0],
  ['access', 'sqlite', 'SELECT 1 XOR 2', /XOR has no counterpart/, 9],
  ['sqlserver', 'sqlite', 'CREATE PROCEDURE p AS SELECT 1', /CREATE procedure has no counterpart/i, 0],
  ['sqlserver', 'sqlite', 'GRANT SELECT ON Users TO x', /rights are given/, 0],
  ['sqlserver', 'sqlite', "ATTACH DATABASE 'x' AS y", /cannot begin with 'ATTACH'/, 0],
  ['access', 'sqlite', 'PRAGMA journal_mode = off', /cannot begin with 'PRAGMA'/, 0],
  ['access', 'sqlite', "VACUUM INTO 'x'", /cannot begin with 'VACUUM'/, 0],
];

function translated(dialect: SqlDialect, sql: string, target: SqlTarget): string {
  return translate(sql, { target, dialect, schema: SCHEMA })
    .statements.map((statement) => statement.sql)
    .filter((text) => text !== '')
    .join(' ;; ');
}

describe('translation', () => {
  for (const [dialect, sql, sqlite, postgresql] of TRANSLATIONS)
    test(`${dialect}: ${sql}`, () => {
      assert.equal(translated(dialect, sql, 'sqlite'), sqlite);
      if (postgresql === undefined) assert.throws(() => translated(dialect, sql, 'postgresql'), SqlProblem);
      else assert.equal(translated(dialect, sql, 'postgresql'), postgresql);
    });

  for (const [dialect, target, sql, complaint, at] of REFUSED)
    test(`refuses with the place: ${sql}`, () => {
      assert.throws(
        () => translated(dialect, sql, target),
        (thrown) => thrown instanceof SqlProblem && complaint.test(thrown.message) && thrown.at === at,
      );
    });

  test('adds what tells the rows of the only table apart, and to nothing else', () => {
    const keysOf = (table: string) => (table === 'Users' ? ['rowid'] : undefined);
    const sql = (text: string) =>
      translate(text, { target: 'sqlite', dialect: 'access', schema: SCHEMA, keysOf }).statements[0]!;
    assert.equal(sql('SELECT * FROM Users').sql, 'SELECT *, Users.rowid AS ado_key_1 FROM Users');
    assert.equal(
      sql('SELECT Name FROM Users u WHERE Id = 1').sql,
      'SELECT Name, u.rowid AS ado_key_1 FROM Users u WHERE Id = 1',
    );
    for (const text of [
      'SELECT DISTINCT Name FROM Users',
      'SELECT Count(*) FROM Users',
      'SELECT Name FROM Users GROUP BY Name',
      'SELECT Name FROM Users, Orders',
      'SELECT Name FROM Users UNION SELECT Title FROM Orders',
      'SELECT Title FROM Orders',
      'SELECT 1',
    ])
      assert.deepEqual(sql(text).keys, [], text);
  });

  test('numbers parameters by their place in the text that is made, and knows which is which', () => {
    const [statement] = translate('SELECT TOP ? * FROM Users WHERE Active = ? AND Born = ?', {
      target: 'postgresql',
      dialect: 'access',
      schema: SCHEMA,
    }).statements;
    assert.equal(statement!.sql, 'SELECT * FROM "Users" WHERE "Active" = $2 AND "Born" = $3 LIMIT $1');
    assert.deepEqual(statement!.parameters, [
      { parameter: 0, kind: undefined },
      { parameter: 1, kind: 'boolean' },
      { parameter: 2, kind: 'date' },
    ]);
  });

  test('leaves the words of native statements alone but for the parameters', () => {
    const sql = `SELECT "a?b", '?;''' -- ?\nFROM t WHERE x = ? AND y = $tag$; DELETE FROM t WHERE z = ?`;
    const { statements } = translate(sql, { target: 'postgresql', dialect: 'native', schema: SCHEMA });
    assert.deepEqual(
      statements.map((statement) => statement.sql),
      [`SELECT "a?b", '?;''' -- ?\nFROM t WHERE x = $1 AND y = $tag$`, 'DELETE FROM t WHERE z = $1'],
    );
  });
});

describe('literals', () => {
  const database = new DatabaseSync(':memory:');
  registerFunctions(database);
  const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((value) => value.replaceAll('\0', ''));
  const nasty = fc
    .array(
      fc.constantFrom(
        "'",
        '"',
        '#',
        '[',
        ']',
        '?',
        '--',
        '/*',
        '*/',
        ';',
        '&',
        '+',
        'True',
        'GETDATE()',
        '@@IDENTITY',
        '\\',
        '%',
        '$1',
        'TOP 1',
        'x',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(''));

  test('survive translation, whatever they hold', () => {
    fc.assert(
      fc.property(
        fc.oneof(text, nasty),
        fc.constantFrom<SqlDialect>('access', 'sqlserver'),
        (value, dialect) => {
          const sql = `SELECT '${value.replaceAll("'", "''")}' AS v`;
          const [statement] = translate(sql, { target: 'sqlite', dialect, schema: SCHEMA }).statements;
          assert.equal(database.prepare(statement!.sql).get()!['v'], value);
          assert.ok(translated(dialect, sql, 'postgresql').includes(`'${value.replaceAll("'", "''")}'`));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('in quotation marks are texts to Access and names to SQL Server', () => {
    fc.assert(
      fc.property(nasty, (value) => {
        const sql = `SELECT "${value.replaceAll('"', '""')}" AS v`;
        const [statement] = translate(sql, {
          target: 'sqlite',
          dialect: 'access',
          schema: SCHEMA,
        }).statements;
        assert.equal(database.prepare(statement!.sql).get()!['v'], value);
        assert.ok(translated('sqlserver', sql, 'sqlite').includes(`"${value.replaceAll('"', '""')}"`));
      }),
      { numRuns: 200 },
    );
  });

  test('no text makes the translation throw anything but SqlProblem', () => {
    const word = fc.constantFrom(
      ...'SELECT FROM WHERE ( ) , . * = < > + & LIKE TOP 5 INTO VALUES INSERT UPDATE SET DELETE CREATE TABLE ALTER DROP Users [x] #1/1/2003# ? @p NULL CASE WHEN END UNION AS IN BETWEEN AND NOT CAST( CONVERT( IIf( WITH OUTPUT ORDER BY'.split(
        ' ',
      ),
      "'a'",
    );
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 14 }),
        fc.constantFrom<SqlDialect>('access', 'sqlserver', 'native'),
        fc.constantFrom<SqlTarget>('sqlite', 'postgresql'),
        (words, dialect, target) => {
          try {
            translate(words.join(' '), { target, dialect, schema: SCHEMA, keysOf: () => ['rowid'] });
          } catch (thrown) {
            assert.ok(thrown instanceof SqlProblem, String((thrown as Error).stack));
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
