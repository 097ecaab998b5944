using System.CommandLine;
using System.Text;
using CnnFast.Files;
using CnnFast.Onnx;
using CnnFast.Visualization;

namespace CnnFast.Cli;

/// <summary><c>cnnfast inspect MODEL --graph FILE</c>: the graph of a model as a picture or a page.</summary>
internal static class GraphFile
{
    private const string Svg = ".svg";
    private const string Html = ".html";

    public static Option<string?> Option() => new("--graph")
    {
        Description = "Draw the graph instead: .svg the layers, or with --passes the steps that run, merged layers boxed; .html a page " +
            "with both, zoom and search; - is SVG on standard output.",
        HelpName = "FILE.svg|FILE.html",
    };

    /// <summary>Draws and writes the file.</summary>
    /// <exception cref="InputException">The file's name says neither format, or dimensions are open.</exception>
    public static int Run(CommandHost host, string path, string file, string[] shapes, int? batch, bool passes, bool json)
    {
        bool isPage = file.EndsWith(Html, StringComparison.OrdinalIgnoreCase);
        if (!isPage && file != StandardFiles.Dash && !file.EndsWith(Svg, StringComparison.OrdinalIgnoreCase))
            throw new InputException($"--graph is '{file}'; expected a name that ends in {Svg} or {Html}, or - for standard output.");
        StandardFiles.RequireFreeOutput("--graph", [file], json);
        string target = file == StandardFiles.Dash ? file : OutputPath.RequireWritable("--graph", file);
        (Model model, int samples) = Load(path, shapes, batch);
        PlanInfo? plan = isPage || passes ? InferenceSession.DescribePlan(model, new SessionOptions { MaxBatch = samples }) : null;
        string text;
        int nodes;
        if (isPage)
        {
            (text, nodes) = (GraphPicture.ToHtml(model, plan), model.Layers.Count);
        }
        else
        {
            GraphPicture picture = plan is null ? GraphPicture.Of(model) : GraphPicture.Of(model, plan);
            (text, nodes) = (picture.ToSvg(), picture.NodeCount);
        }

        if (target == StandardFiles.Dash)
        {
            host.Output.Write(text);
            return ExitCodes.Done;
        }

        using (AtomicFile written = AtomicFile.Create(target))
        {
            written.Stream.Write(Encoding.UTF8.GetBytes(text));
            written.Commit();
        }

        if (json)
        {
            JsonOutput.Write(host.Output, writer =>
            {
                writer.WriteString("path", target);
                writer.WriteNumber("nodes", nodes);
                writer.WriteNumber("bytes", new FileInfo(target).Length);
            });
        }
        else
        {
            host.Output.WriteLine(target);
        }

        return ExitCodes.Done;
    }

    private static (Model Model, int Samples) Load(string path, string[] shapes, int? batch)
    {
        if (!ModelSource.IsOnnx(path))
            return (ModelSource.LoadWithoutShapes(path, shapes), batch ?? 1);
        OnnxSource source = OnnxSource.Load(path, shapes, batch);
        return (source.Model, source.SessionBatch);
    }
}
