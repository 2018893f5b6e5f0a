import static lib.Dray.*;
import lib.shell.*;
import java.nio.file.*;
import java.util.*;

/set mode dray -command
/set prompt dray '\njshell> ' '   ...> '
/set truncation dray 1000000
/set format dray pre '|  '
/set format dray post '%n'
/set format dray errorpre '|  '
/set format dray errorpost '%n'
/set format dray display ''
/set format dray display '{name} ==> {value}{post}' added,modified,replaced-expression,varvalue,varinit,assignment,vardecl-primary-ok
