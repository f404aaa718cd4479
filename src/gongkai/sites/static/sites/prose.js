/* The editor of rich text, where there is script; without it the field stays a plain text area (docs/features/sites.md).
   The package's own loader needs an inline import map and its editor an inline style sheet, which our content security
   policy forbids: the module is imported by its address, and the rules stand in css/desk.css. */
const DIALOG = { "Edit Link": "链接", URL: "地址", Title: "说明", Update: "确定", Cancel: "取消", "Open in new window": "在新窗口打开" };
window.gettext = (words) => DIALOG[words] ?? words;

const {
  Editor, Document, Dropcursor, Gapcursor, Paragraph, HardBreak, Text, History, Menu, NoSpellCheck, Blockquote, Bold, BulletList,
  Heading, Italic, Link, ListItem, OrderedList,
} = await import(document.querySelector("[data-editor]").dataset.editor);

/* The buttons of the menu by their name, in Chinese: the package names them by icons of a face we do not load. */
const WORDS = {
  paragraph: "正文", heading3: "小标题", heading4: "次级标题", bulletList: "列表", orderedList: "编号", blockquote: "引用", bold: "加粗",
  italic: "斜体", link: "链接", unlink: "取消链接", "history:undo": "撤销", "history:redo": "重做",
};

function name(frame) {
  for (const button of frame.querySelectorAll("[data-name]")) {
    const words = WORDS[button.dataset.name];
    if (words && button.textContent !== words) button.textContent = button.title = words;
    if (words) button.setAttribute("aria-label", words);
  }
  for (const button of frame.querySelectorAll(".prose-menubar__selected button")) {
    const level = (button.title + button.textContent).match(/[34]/);
    button.textContent = level ? WORDS[`heading${level[0]}`] : WORDS.paragraph;
    button.setAttribute("aria-label", `段落种类：${button.textContent}`);
  }
}

function edit(area) {
  const frame = document.createElement("div");
  frame.className = "prose-editor";
  area.before(frame);
  area.hidden = true;
  const label = area.labels[0]?.textContent ?? "正文";
  new Editor({
    element: frame,
    injectCSS: false,
    content: area.value,
    editorProps: { attributes: { role: "textbox", "aria-multiline": "true", "aria-label": label, class: "prose" } },
    extensions: [Document, Dropcursor, Gapcursor, Paragraph, HardBreak, Text, History, Menu, NoSpellCheck, Blockquote, Bold,
      BulletList, Heading.configure({ levels: [3, 4] }), Italic, Link, ListItem, OrderedList],
    onUpdate: ({ editor }) => { area.value = editor.isEmpty ? "" : editor.getHTML(); },
    onTransaction: () => requestAnimationFrame(() => name(frame)),
  });
  name(frame);
}

document.querySelectorAll("[data-prose]").forEach(edit);
