using System.CommandLine;
using System.Text;
using System.Text.Json;
using CnnFast.Files;
using CnnFast.Images;
using CnnFast.Visualization;

namespace CnnFast.Cli;

/// <summary><c>cnnfast visualize</c>: one input's way through a model, as a picture or a page.</summary>
internal static class VisualizeCommand
{
    public static Command Create(CommandHost host)
    {
        var options = new VisualizeOptions();
        var command = new ExampleCommand(
            "visualize",
            "Shows one picture's way through a model: activations, gradients, filters.",
            [
                "The picture shows the input, the maps of the layers, dense layers as strips and the bar of class probabilities. Of each " +
                    "layer it says the range of its colours. Layers that only change a shape, or that an activation or normalisation " +
                    "alone follows, are left out unless --layers fits them: --layers '*' shows all.",
                "MODEL has one input, a picture, and one output; a model with several outputs is refused.",
                "Gradients are of the cross-entropy by every layer's output, and by the scores (probabilities minus label) at the end.",
                "JSON: out, width, height (of a PNG file), label, class, name, probability, layers[] with name, kind, shape, min, mean, " +
                    "max, zeros.",
            ],
            "cnnfast visualize digits.safetensors digits:3 -o three.png",
            "cnnfast visualize digits.safetensors seven.png --label 7 --gradients -o a.html",
            "cnnfast visualize zoo:resnet50 photo.jpg --cam --saliency -o photo.html",
            "cnnfast visualize net.onnx photo.png --layers 'conv*' --filters -o net.png");
        options.AddTo(command);
        command.SetAction(parse => Run(host, options.Read(parse)));
        return command;
    }

    private static int Run(CommandHost host, VisualizeRequest request)
    {
        string path = RequireOut(request.Out);
        OutputPath.RequireOther("--out", request.Out, "IMAGE", request.Image);
        OutputPath.RequireOther("--out", request.Out, "MODEL", request.Model);
        Model model = VisualizedInput.LoadModel(request.Model, request.Shapes);
        (float[] input, int? label) = VisualizedInput.Read(host, request.Model, model, request.Image, request.Fit);
        host.Stop.ThrowIfCancellationRequested();
        var activations = new Activations(model, input, request.Layers, request.Threads);
        label = request.Label is { } given ? ClassNumber("--label", activations, given)
            : label < activations.Probabilities.Count ? label : null;
        int? shown = request.Class is { } wanted ? ClassNumber("--class", activations, wanted) : null;
        host.Stop.ThrowIfCancellationRequested();
        var pictures = new PyramidOptions
        {
            Width = request.Size,
            Channels = request.Channels,
            Label = label,
            Gradients = request.NeedsGradients ? new Gradients(model, input, label, request.Threads) : null,
            LayerGradients = request.Gradients,
            Filters = request.Filters,
            Saliency = request.Saliency,
            Cam = request.Cam,
            ClassIndex = shown,
            Title = $"{Path.GetFileName(request.Model)}, {Path.GetFileName(request.Image)}",
        };
        Picture? picture = IsPage(path) ? null : Pictures.Pyramid(activations, pictures);
        byte[] file = picture?.ToPng() ?? Encoding.UTF8.GetBytes(Pictures.Page(activations, pictures));
        host.Stop.ThrowIfCancellationRequested();
        using (AtomicFile target = AtomicFile.Create(path))
        {
            target.Stream.Write(file);
            target.Commit();
        }

        if (request.Json)
            JsonOutput.Write(host.Output, json => WriteJson(json, request.Out, picture, activations, label));
        else
            host.Output.WriteLine($"{request.Out}: " + Words(picture, activations, label, request));
        return ExitCodes.Done;
    }

    private static string Words(Picture? picture, Activations activations, int? label, VisualizeRequest request)
    {
        string size = picture is null ? "one page" : $"{picture.Width}x{picture.Height} pixels";
        string text = $"{size}, {activations.Layers.Count} layers.";
        if (activations.Predicted is not { } predicted)
            return activations.Probabilities.Count == 0 ? text : text + " The output is not finite: there is no guess.";
        text += FormattableString.Invariant(
            $" Guess: {activations.ClassName(predicted)}, {activations.Probabilities[predicted] * 100:0.00} %.");
        if (label is { } right)
            return text + (right == predicted ? " It is right." : $" It is wrong; right is {activations.ClassName(right)}.");
        return request.Gradients ? text + " No --label was given: the gradients take the guess as right." : text;
    }

    private static void WriteJson(Utf8JsonWriter json, string path, Picture? picture, Activations activations, int? label)
    {
        json.WriteString("out", path);
        if (picture is not null)
        {
            json.WriteNumber("width", picture.Width);
            json.WriteNumber("height", picture.Height);
        }

        if (label is { } right)
            json.WriteNumber("label", right);
        if (activations.Predicted is { } predicted)
        {
            json.WriteNumber("class", predicted);
            if (activations.Model.ClassNames is { } names)
                json.WriteString("name", names[predicted]);
            json.WriteFinite("probability", activations.Probabilities[predicted]);
        }

        json.WriteStartArray("layers");
        foreach (LayerValues layer in activations.Layers)
        {
            json.WriteStartObject();
            json.WriteString("name", layer.Name);
            json.WriteString("kind", layer.Kind);
            json.WriteShape("shape", layer.Shape);
            json.WriteFinite("min", layer.Minimum);
            json.WriteFinite("mean", layer.Mean);
            json.WriteFinite("max", layer.Maximum);
            json.WriteFinite("zeros", layer.ZeroShare);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string RequireOut(string path) =>
        IsPage(path) || path.EndsWith(".png", StringComparison.OrdinalIgnoreCase)
            ? OutputPath.RequireWritable("--out", path)
            : throw new InputException($"--out is '{path}'; expected a name that ends in .png or .html.");

    private static bool IsPage(string path) => path.EndsWith(".html", StringComparison.OrdinalIgnoreCase);

    // A name of a class goes before a number, which a class may be called as well.
    private static int ClassNumber(string option, Activations activations, string text)
    {
        int classes = activations.Probabilities.Count;
        if (classes == 0)
            throw new InputException($"{option} is '{text}', but the model is no classifier: it gives {activations.Output.Shape}; " +
                $"expected no {option}.");
        for (int i = 0; i < classes; i++)
        {
            if (activations.Model.ClassNames?[i] == text)
                return i;
        }

        return int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number)
            && number < classes
            ? number
            : throw new InputException($"{option} is '{text}'; expected a number from 0 to {classes - 1}" +
                (activations.Model.ClassNames is { } names ? $", or a name of a class such as '{names[0]}'." : "."));
    }
}
