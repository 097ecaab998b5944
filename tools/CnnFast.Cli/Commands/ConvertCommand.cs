using System.CommandLine;
using System.CommandLine.Parsing;
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
            "cnnfast convert classifier.onnx new.onnx --opset 20 --shape 1x3x48x192")
        {
            source, target, opset, layout, fold, shape,
        };
        command.Brief = "Writes model files as ONNX, and ONNX as model files";
        command.SetAction(parse =>
        {
            string[] given = [
                .. from option in (Option[])[opset, fold, layout] where parse.GetResult(option) is { Implicit: false } select option.Name];
            var onnx = new OnnxExportOptions { Opset = parse.GetValue(opset), FoldBatchNormalization = parse.GetValue(fold) };
            return Run(host, given, parse.GetValue(source)!, parse.GetValue(target)!, parse.GetValue(shape) ?? [], parse.GetValue(layout),
                onnx, parse.GetValue(CommonOptions.Json));
        });
        return command;
    }

    private static int Run(CommandHost host, string[] given, string source, string target, string[] shapes, OnnxLayout? layout,
        OnnxExportOptions options, bool json)
    {
        bool toOnnx = target.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
        if (!toOnnx && !target.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
            throw new InputException($"OUT is '{target}'; expected a name that ends with .onnx or .safetensors.");
        bool isOnnx = ModelSource.IsOnnx(source);
        if (!toOnnx && given.FirstOrDefault(option => option != "--layout" || !isOnnx) is { } useless)
            throw new InputException($"{useless} has no effect on '{target}'; expected it with an OUT that ends with .onnx.");
        string path = OutputPath.RequireWritable("OUT", target);
        OnnxLayout order = layout ?? (toOnnx ? OnnxLayout.Nchw : OnnxLayout.Nhwc);
        Model model = CheckLines.ShowTime(host, $"Writing {Path.GetFileName(path)}", () =>
        {
            Model read = isOnnx ? OnnxSource.Load(source, shapes, null, order).Model : ModelSource.LoadWithoutShapes(source, shapes);
            if (toOnnx)
                OnnxModel.Export(read, path, options with { Layout = order });
            else
                Save(read, source, path);
            return read;
        });
        long bytes = new FileInfo(path).Length;
        if (json)
        {
            JsonOutput.Write(host.Output, writer =>
            {
                writer.WriteString("path", path);
                writer.WriteString("format", toOnnx ? "onnx" : "safetensors");
                writer.WriteNumber("bytes", bytes);
                writer.WriteNumber("parameters", model.ParameterCount);
            });
        }
        else
        {
            host.Output.WriteLine(path);
        }

        return ExitCodes.Done;
    }

    private static void Save(Model model, string source, string path)
    {
        try
        {
            model.Save(path);
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
