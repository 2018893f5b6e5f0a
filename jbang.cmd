@echo off
rem Starts JBang for the scripts of this checkout on Windows, as ./jbang does elsewhere: jbang pull nginx:alpine
rem
rem JBang is the one on the PATH; else a pinned archive from JBang's own site, checked against its SHA-256 and kept
rem in JBang's cache folder. A first word that is a script of this checkout is looked up in the checkout's catalog.
setlocal
set "version=0.132.1"
set "archive_sha256=93baab61cd5805f4fc9496527b2842af9ae45a5281e67b50d185ca76ec4fe85c"

set "catalog="
if exist "%~dp0scripts\%~1.java" set "catalog=run --catalog "%~dp0jbang-catalog.json""

rem %%~$PATH looks at the folders of the PATH alone, not at the one that somebody is in
set "program="
for %%i in (jbang.cmd jbang.exe) do if not defined program if not "%%~$PATH:i" == "" if /i not "%%~$PATH:i" == "%~f0" set "program=%%~$PATH:i"
if defined program goto run

if not defined JBANG_DIR set "JBANG_DIR=%USERPROFILE%\.jbang"
if not defined JBANG_CACHE_DIR set "JBANG_CACHE_DIR=%JBANG_DIR%\cache"
set "cache=%JBANG_CACHE_DIR%\dray"
set "program=%cache%\jbang-%version%\bin\jbang.cmd"
if exist "%program%" goto run

set "address=https://github.com/jbangdev/jbang/releases/download/v%version%/jbang-%version%.zip"
set "fetched=%cache%\fetch-%RANDOM%-%RANDOM%"
if not exist "%fetched%" mkdir "%fetched%" || exit /b 1
echo jbang: fetching JBang from %address%, this once>&2
rem PowerShell reads the variables itself: nothing in a path can be taken for a command
powershell -NoProfile -Command "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'; [Net.ServicePointManager]::SecurityProtocol = 'Tls12'; $zip = Join-Path $env:fetched 'jbang.zip'; try { Invoke-WebRequest -UseBasicParsing $env:address -OutFile $zip } catch { exit 6 }; if ((Get-FileHash -Algorithm SHA256 -LiteralPath $zip).Hash -ne $env:archive_sha256) { exit 5 }; Expand-Archive -LiteralPath $zip -DestinationPath $env:fetched" <nul >&2
set "code=%errorlevel%"
if "%code%" == "5" echo jbang: refused %address%: its SHA-256 is not %archive_sha256%>&2
if "%code%" == "6" echo jbang: could not fetch JBang from %address%; install JBang: https://www.jbang.dev/download/ says how>&2
if "%code%" == "0" if not exist "%cache%\jbang-%version%" move "%fetched%\jbang-%version%" "%cache%\jbang-%version%" >nul
rmdir /s /q "%fetched%"
if not "%code%" == "0" exit /b %code%

:run
"%program%" %catalog% %*
exit /b %errorlevel%
