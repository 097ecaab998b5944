using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CnnFast.Cli;

/// <summary>How many steps a second a live view has seen.</summary>
internal sealed class RateColumn : ProgressColumn
{
    /// <inheritdoc/>
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(
        task.Speed is { } speed and > 0 ? string.Create(CultureInfo.InvariantCulture, $"{speed:G3}/s") : "");
}
