/* The editor of rich text, where there is script; without it the field stays a plain text area (docs/features/sites.md).
   The package's own loader needs an inline import map, which our content security policy forbids: the module is imported
   by its address instead. */
const { createTextareaEditor, initializeEditors, Document, Dropcursor, Gapcursor, Paragraph, HardBreak, Text, History, Menu,
  NoSpellCheck, Blockquote, Bold, BulletList, Heading, Italic, Link, ListItem, OrderedList, Table, TableRow, TableHeader,
  TableCell } = await import(document.querySelector("[data-editor]").dataset.editor);

const extensions = [Document, Dropcursor, Gapcursor, Paragraph, HardBreak, Text, History, Menu, NoSpellCheck, Blockquote, Bold,
  BulletList, Heading.configure({ levels: [3, 4] }), Italic, Link, ListItem, OrderedList, Table, TableRow, TableHeader, TableCell];

initializeEditors((area) => (area.closest(".prose-editor") ? null : createTextareaEditor(area, extensions)), "[data-prose]");
