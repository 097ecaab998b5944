using System.Buffers;
using System.Text;
using System.Text.Json;
using CnnFast.Files;

namespace CnnFast.Visualization;

/// <summary>A page that holds all it needs: styles, scripts, and figures as JSON.</summary>
internal static class ReportPage
{
    /// <summary>Makes the page.</summary>
    /// <param name="json">The figures, in which no <c>&lt;</c> stands as it is.</param>
    /// <param name="isLive">Whether the page asks its server for further figures.</param>
    public static string Html(ReadOnlySpan<byte> json, bool isLive = false)
    {
        string connect = isLive ? "'self'" : "'none'";
        return $"""
            <!DOCTYPE html>
            <html lang="en"{(isLive ? " data-live" : "")}>
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy"
              content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src {connect}">
            <link rel="icon" href="data:,">
            <title>CnnFast</title>
            <style>
            {Asset("uPlot.min.css")}
            {Asset("report.css")}
            </style>
            </head>
            <body>
            <a class="skip" href="#content">To the content</a>
            <header><h1 id="title">CnnFast</h1><p id="state"></p>
            <nav aria-label="Contents"><ul id="contents"></ul></nav></header>
            <main id="content"><noscript><p>This page draws its figures with a script of its own; the browser has scripts turned off.</p>
            </noscript></main>
            <div id="said" class="hidden" role="status" aria-live="polite"></div>
            <script type="application/json" id="data">{Encoding.UTF8.GetString(json)}</script>
            <script>
            /*! {Asset("LICENSE").Replace("*/", "", StringComparison.Ordinal)} */
            {Asset("uPlot.iife.min.js")}
            </script>
            <script>
            {Asset("report.js")}
            </script>
            </body>
            </html>

            """;
    }

    /// <summary>Makes the page of figures.</summary>
    /// <param name="write">Writes the figures, as one object.</param>
    public static string Html(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            write(json);
        return Html(buffer.WrittenSpan);
    }

    /// <summary>Writes a page; an old file is replaced in one step.</summary>
    public static void Save(string path, string html)
    {
        using AtomicFile file = AtomicFile.Create(path);
        file.Stream.Write(Encoding.UTF8.GetBytes(html));
        file.Commit();
    }

    private static string Asset(string name)
    {
        using Stream stream = typeof(ReportPage).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"ReportPage: there is no resource '{name}'; expected it in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Trim();
    }
}
