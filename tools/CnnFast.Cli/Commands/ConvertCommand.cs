using System.CommandLine;
using System.CommandLine.Parsing;
using CnnFast.Files;
using CnnFast.Onnx;

namespace CnnFast.Cli;

/// <summary><c>cnnfast convert</c>: model files to ONNX and back.</summary>
internal static class ConvertCommand
{
    private static readonly string[] Layouts = ["nchw", "nhwc"];

    public static Command Create(CommandHost host)
    {
        var source = new Argument<string>("IN") { Description = "A model file (.safetensors or .onnx), or zoo:NAME." };
        var target = new Argument<string>("OUT") { Description = "The file to write; its ending, .onnx or .safetensors, says as what." };
        Option<int> opset = NumberOption.Whole("--opset", "The operator set of an ONNX file.", OnnxExportOptions.MinOpset,
            OnnxExportOptions.MinOpset, OnnxExportOptions.MaxOpset);
        var layout = new Option<OnnxLayout?>("--layout")
        {
            Description = "The order of the dimensions of images at the inputs and outputs; nchw where OUT is ONNX, " +
                "nhwc where it is a model file, when not given. Images that an ONNX model has channels last already stay so.",
            HelpName = string.Join('|', Layouts),
            CustomParser = ParseLayout,
        };
        var fold = new Option<bool>("--fold-batch-normalization")
        {
            Description =
                "Put batch normalisation into the weights of the convolution or dense layer before it, in an ONNX file that is written.",
        };
        Option<string[]> shape = ShapeOption.Create();
        var to = new Option<string?>("--to") { Description = "The format where OUT is '-': onnx or safetensors.", HelpName = "FORMAT" };
        var command = new ExampleCommand(
            "convert",
            "Writes a model as ONNX, or an ONNX model as a model file or as ONNX again.",
            [
                "From ONNX: every model whose operators docs/onnx-support.md lists, for inputs of one size; weights keep their values.",
                "To ONNX: every model; an ONNX model gets another operator set, order of images, or its batch normalisation folded.",
            ],
            "cnnfast convert digits.safetensors digits.onnx",
            "cnnfast convert digits.safetensors digits.onnx --opset 20 --layout nhwc",
            "cnnfast convert zoo:resnet18 resnet18.onnx --fold-batch-normalization",
            "cnnfast convert classifier.onnx classifier.safetensors --shape 1x3x48x192",
            "cnnfast convert classifier.onnx new.onnx --opset 20 --shape 1x3x48x192",
            "cnnfast convert - - --to onnx < digits.safetensors > digits.onnx")
        {
            source, target, opset, layout, fold, shape, to,
        };
        command.Brief = "Writes model files as ONNX, and ONNX as model files";
        command.SetAction(parse =>
        {
            string[] given = [
                .. from option in (Option[])[opset, fold, layout] where parse.GetResult(option) is { Implicit: false } select option.Name];
            var onnx = new OnnxExportOptions { Opset = parse.GetValue(opset), FoldBatchNormalization = parse.GetValue(fold) };
            return Run(host, given, parse.GetValue(source)!, Target(parse.GetValue(target)!, parse.GetValue(to)),
                parse.GetValue(shape) ?? [], parse.GetValue(layout), onnx, parse.GetValue(CommonOptions.Json));
        });
        return command;
    }

    // Where it goes, and whether that is ONNX.
    private static (string Name, bool IsOnnx) Target(string target, string? format)
    {
        bool isDash = target == StandardFiles.Dash;
        if (format is not (null or "onnx" or "safetensors"))
            throw new InputException($"--to is '{format}'; expected onnx or safetensors.");
        if (isDash != (format is not null))
            throw new InputException(isDash
                ? "OUT is '-'; expected --to onnx or --to safetensors with it."
                : $"--to is for an OUT that is '-'; the name '{target}' says the format itself.");
        bool isOnnx = format == "onnx" || target.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
        if (!isDash && !isOnnx && !target.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
            throw new InputException($"OUT is '{target}'; expected a name that ends with .onnx or .safetensors.");
        return (target, isOnnx);
    }

    private static int Run(CommandHost host, string[] given, string source, (string Name, bool IsOnnx) target, string[] shapes,
        OnnxLayout? layout, OnnxExportOptions options, bool json)
    {
        StandardFiles.RequireFreeOutput("OUT", [target.Name], json);
        string? path = target.Name == StandardFiles.Dash ? null : OutputPath.RequireWritable("OUT", target.Name);
        OnnxLayout order = layout ?? (target.IsOnnx ? OnnxLayout.Nchw : OnnxLayout.Nhwc);
        Model Read(string file)
        {
            bool isOnnx = ModelSource.IsOnnx(file);
            if (!target.IsOnnx && given.FirstOrDefault(option => option != "--layout" || !isOnnx) is { } useless)
                throw new InputException($"{useless} has no effect on '{target.Name}'; expected it with an OUT that is ONNX.");
            return isOnnx ? OnnxSource.Load(file, shapes, null, order).Model : ModelSource.LoadWithoutShapes(file, shapes);
        }

        void Write(Model model, Stream stream, Action<long, long>? progress)
        {
            Stream counted = progress is null
                ? stream
                : new CountedStream(stream, count => progress(count, model.ParameterCount * sizeof(float)));
            if (target.IsOnnx)
                OnnxModel.Export(model, counted, options with { Layout = order });
            else
                Save(model, source, counted);
        }

        Model converted = StandardFiles.Read(host, source, file => CheckLines.ShowParts(host, "Writing " + Path.GetFileName(target.Name),
            progress =>
            {
                Model model = Read(file);
                if (path is null)
                {
                    using Stream output = host.OpenOutput();
                    Write(model, output, progress);
                    output.Flush();
                    return model;
                }

                using AtomicFile written = AtomicFile.Create(path);
                Write(model, written.Stream, progress);
                written.Commit();
                return model;
            }, inBytes: true));
        if (json)
        {
            long bytes = new FileInfo(path!).Length;
            JsonOutput.Write(host.Output, writer =>
            {
                writer.WriteString("path", path);
                writer.WriteString("format", target.IsOnnx ? "onnx" : "safetensors");
                writer.WriteNumber("bytes", bytes);
                writer.WriteNumber("parameters", converted.ParameterCount);
            });
        }
        else if (path is not null)
        {
            host.Output.WriteLine(path);
        }

        return ExitCodes.Done;
    }

    private static void Save(Model model, string source, Stream stream)
    {
        try
        {
            model.Save(stream);
        }
        catch (NotSupportedException refused)
        {
            throw new InputException($"'{source}' does not become a model file: {refused.Message}", refused);
        }
    }

    private static OnnxLayout? ParseLayout(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        int index = Array.FindIndex(Layouts, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
            result.AddError($"--layout is '{text}'; expected one of {string.Join(", ", Layouts)}");
        return index == 1 ? OnnxLayout.Nhwc : OnnxLayout.Nchw;
    }
}
