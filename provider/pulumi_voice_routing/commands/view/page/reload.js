// While somebody edits a program: the page asks its own server whether there is a newer one, and loads that.

const SECONDS = 1;
let version = null;

async function look() {
  try {
    const answer = await (await fetch("version", { cache: "no-store" })).json();
    trouble(answer.error);
    if (version !== null && answer.version !== version) location.reload();
    version = answer.version;
  } catch {
    trouble("the server has ended: what is shown is as it was then");
  }
  setTimeout(look, SECONDS * 1000);
}

function trouble(why) {
  const there = document.getElementById("trouble");
  if (!why) there?.remove();
  else if (there) there.textContent = why;
  else document.querySelector(".top").after(element("p", { id: "trouble", role: "alert" }, why));
}

look();
