using System.CommandLine;
using System.CommandLine.Parsing;
using CnnFast.Formats;
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
        Option<int> opset = NumberOption.Whole("--opset", "The operator set of an ONNX file.", OnnxExportOptions.MinOpset, OnnxExportOptions.MinOpset, OnnxExportOptions.MaxOpset);
        var layout = new Option<OnnxLayout>("--layout")
        {
            Description = "The order of the dimensions of images at the inputs and outputs of an ONNX file that is written.",
            HelpName = string.Join('|', Layouts),
            DefaultValueFactory = _ => OnnxLayout.Nchw,
            CustomParser = ParseLayout,
        };
        var fold = new Option<bool>("--fold-batch-normalization") { Description = "Put batch normalisation into the weights of the convolution or dense layer before it, in an ONNX file that is written." };
        Option<string[]> shape = ShapeOption.Create();
        var command = new ExampleCommand(
            "convert",
            "Writes a model as ONNX, or an ONNX model as a model file.",
            [
                "From ONNX to .safetensors: every model whose operators docs/onnx-support.md lists, for inputs of one size; images are then channels last, weights keep their values.",
                "To ONNX: every model, those that came from ONNX too.",
            ],
            "cnnfast convert digits.safetensors digits.onnx",
            "cnnfast convert digits.safetensors digits.onnx --opset 20 --layout nhwc",
            "cnnfast convert zoo:resnet18 resnet18.onnx --fold-batch-normalization",
            "cnnfast convert classifier.onnx classifier.safetensors --shape 1x3x48x192")
        {
            source, target, opset, layout, fold, shape,
        };
        Option[] ofOnnx = [opset, layout, fold];
        command.SetAction(parse => Run(
            host, ofOnnx.Where(option => parse.GetResult(option) is { Implicit: false }).Select(option => option.Name).FirstOrDefault(), parse.GetValue(source)!, parse.GetValue(target)!, parse.GetValue(shape) ?? [], new OnnxExportOptions { Opset = parse.GetValue(opset), Layout = parse.GetValue(layout), FoldBatchNormalization = parse.GetValue(fold) }, parse.GetValue(CommonOptions.Json)));
        return command;
    }

    private static int Run(CommandHost host, string? onnxOption, string source, string target, string[] shapes, OnnxExportOptions options, bool json)
    {
        bool toOnnx = target.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
        if (!toOnnx && !target.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
            throw new InputException($"OUT is '{target}'; expected a name that ends with .onnx or .safetensors.");
        if (onnxOption is not null && !toOnnx)
            throw new InputException($"{onnxOption} has no effect on '{target}'; expected it with an OUT that ends with .onnx.");
        string path = OutputPath.RequireWritable("OUT", target);
        bool isOnnx = ModelSource.IsOnnx(source);
        if (isOnnx && toOnnx)
            throw new InputException($"'{source}' is an ONNX model already; expected OUT to end with .safetensors.");
        Model model = isOnnx ? Layers(source, shapes) : ModelSource.LoadWithoutShapes(source, shapes);
        if (toOnnx)
            OnnxModel.Export(model, path, options);
        else
            model.Save(path);
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

    // Images are channels last in model files; some ONNX models have them so already.
    private static Model Layers(string path, string[] shapes)
    {
        try
        {
            return LayerModel.From(OnnxSource.Load(path, shapes, null, OnnxLayout.Nhwc).Model);
        }
        catch (NotSupportedException refused)
        {
            throw new InputException($"'{path}' does not become a model file: {refused.Message}", refused);
        }
    }

    private static OnnxLayout ParseLayout(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        int index = Array.FindIndex(Layouts, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
            result.AddError($"--layout is '{text}'; expected one of {string.Join(", ", Layouts)}");
        return index == 1 ? OnnxLayout.Nhwc : OnnxLayout.Nchw;
    }
}
