using System.Runtime.InteropServices;
using PuppeteerSharp;

namespace CnnFast.Visualization.Tests;

/// <summary>A headless Chromium of the machine, and what a page does in it.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly IBrowser _browser;

    private Chromium(IBrowser browser, IPage page) => (_browser, Page) = (browser, page);

    public IPage Page { get; }

    /// <summary>What the page wrote to its console as an error, and what it threw.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>The addresses that were asked for, data: left out.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Starts a browser; the test is skipped where there is none.</summary>
    public static async Task<Chromium> StartAsync(int width = 1200, int height = 900)
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => s_names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null || !RuntimeInformation.IsOSPlatform(OSPlatform.Linux), "There is no chromium on PATH.");
        IBrowser browser = await Puppeteer.LaunchAsync(new LaunchOptions
        {
            ExecutablePath = path,
            Headless = true,
            Args = ["--no-sandbox", "--headless", "--disable-gpu", "--hide-scrollbars"],
            Timeout = 120_000,
        });
        IPage page = await browser.NewPageAsync();
        var chromium = new Chromium(browser, page);
        page.Console += (_, message) =>
        {
            if (message.Message.Type is ConsoleType.Error or ConsoleType.Warning)
                chromium.Errors.Add(message.Message.Text);
        };
        page.PageError += (_, error) => chromium.Errors.Add(error.Message);
        page.Request += (_, request) =>
        {
            if (!request.Request.Url.StartsWith("data:", StringComparison.Ordinal))
                chromium.Requests.Add(request.Request.Url);
        };
        await page.SetViewportAsync(new ViewPortOptions { Width = width, Height = height });
        return chromium;
    }

    /// <summary>Opens a page that is in a file.</summary>
    public Task OpenAsync(string path) => Page.GoToAsync(new Uri(path).AbsoluteUri);

    /// <summary>Chooses light or dark.</summary>
    public Task SetSchemeAsync(string scheme) => Page.EmulateMediaFeaturesAsync(
        [new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = scheme }]);

    /// <summary>Keeps a picture where the environment variable CNNFAST_SCREENSHOTS names a folder.</summary>
    public async Task KeepAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("CNNFAST_SCREENSHOTS") is { Length: > 0 } folder)
            await Page.ScreenshotAsync(Path.Combine(folder, name + ".png"), new ScreenshotOptions { FullPage = true });
    }

    /// <summary>Holds a page to what all pages must be.</summary>
    public async Task RequireSoundAsync()
    {
        string[] faults = await Page.EvaluateFunctionAsync<string[]>(
            """
            () => {
              const faults = [], all = query => [...document.querySelectorAll(query)];
              if (document.documentElement.scrollWidth > innerWidth)
                faults.push(`the page is ${document.documentElement.scrollWidth} wide, the screen ${innerWidth}`);
              if (all("h1").length !== 1) faults.push("there is not one h1");
              if (!all("section, main > svg").length) faults.push("there is no section");
              if (!document.querySelector("meta[http-equiv=Content-Security-Policy]")) faults.push("the page may ask for anything");
              if (document.documentElement.lang !== "en") faults.push("the page says no language");
              for (const node of all("img")) {
                if (!node.alt) faults.push("a picture has no words");
                if (!node.naturalWidth) faults.push("a picture is not drawn");
              }
              for (const node of all("main svg")) if (!node.querySelector(":scope > title")) faults.push("a drawing has no words");
              for (const node of all("button, input, [role=region], [role=group]"))
                if (!(node.getAttribute("aria-label") ?? node.textContent).trim()) faults.push("something to use has no words");
              if (new Set(all("[id]").map(node => node.id)).size < all("[id]").length) faults.push("an id stands twice");
              for (const node of all(".chart")) {
                if (!node.getAttribute("aria-label")) faults.push("a chart has no words");
                if (!node.querySelector("canvas")?.width) faults.push("a chart is not drawn");
              }
              for (const node of all("table:not(.u-legend)")) {
                if (!node.caption) faults.push("a table has no caption");
                if (!node.querySelector("th[scope]")) faults.push("a table has no headings");
              }
              for (const node of all("section")) if (!node.querySelector("h2")) faults.push("a section has no heading");
              for (const node of all("nav a")) if (!document.querySelector(node.getAttribute("href"))) faults.push("a link leads nowhere");
              for (const node of all("figure")) {
                if (!node.querySelector("button") && !node.querySelector(".filters, .picture")) faults.push("a figure cannot be copied");
                if (node.querySelector(".chart") && !node.querySelector("details")) faults.push("a chart has no table");
              }
              return faults;
            }
            """);
        Assert.Empty(faults);
        Assert.Empty(await UnreadableAsync());
        Assert.Empty(Errors);
    }

    // Text whose contrast to what it stands on is below that of WCAG 2, 4.5, or 3 for large letters.
    private Task<string[]> UnreadableAsync() => Page.EvaluateFunctionAsync<string[]>(
        """
        () => {
          const parts = text => (all => all.length < 4 ? [...all, 1] : all)((text.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number));
          const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3]));
          const linear = value => value / 255 <= .04045 ? value / 255 / 12.92 : ((value / 255 + .055) / 1.055) ** 2.4;
          const light = color => .2126 * linear(color[0]) + .7152 * linear(color[1]) + .0722 * linear(color[2]);
          function ground(node) {
            const color = parts(getComputedStyle(node).backgroundColor);
            return color[3] === 1 ? color : over(color, node.parentElement ? ground(node.parentElement) : [255, 255, 255]);
          }
          function box(node) {
            const at = node.getBoundingClientRect(), x = (at.left + at.right) / 2, y = (at.top + at.bottom) / 2;
            const under = [...node.closest("svg").querySelectorAll("rect")].filter(rect => {
              const r = rect.getBoundingClientRect();
              return r.left <= x && x <= r.right && r.top <= y && y <= r.bottom;
            });
            return under.length ? parts(getComputedStyle(under.at(-1)).fill) : ground(node.closest("main"));
          }
          const faults = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (texts.nextNode()) {
            const text = texts.currentNode.textContent.trim(), node = texts.currentNode.parentElement;
            if (!text || !node.getClientRects().length || node.closest(".hidden, .skip, svg title")) continue;
            const style = getComputedStyle(node), drawn = node.closest("svg"), below = drawn ? box(node) : ground(node);
            const color = over(parts(drawn ? style.fill : style.color), below), a = light(color), b = light(below);
            const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05), size = parseFloat(style.fontSize);
            if (contrast < (size >= 24 || size >= 18.66 && +style.fontWeight >= 700 ? 3 : 4.5))
              faults.push(`${contrast.toFixed(2)}: ${text.slice(0, 40)} (${color.map(Math.round)} on ${below.slice(0, 3)})`);
          }
          return faults;
        }
        """);

    public async ValueTask DisposeAsync() => await _browser.DisposeAsync();
}
