using System.CommandLine;
using CnnFast.Images;
using CnnFast.Visualization;

namespace CnnFast.Cli;

/// <summary>The arguments and options of <c>cnnfast visualize</c>.</summary>
internal sealed class VisualizeOptions
{
    private readonly Argument<string> _model = ModelSource.Argument();

    private readonly Argument<string> _image = new("IMAGE")
    {
        Description = "A PNG, JPEG, BMP or WebP file, - for standard input, or digits:N for the embedded test digit N with its label.",
    };

    private readonly Option<string> _out = new("--out", "-o")
    {
        Description = "The file: a picture (.png), or one page that loads nothing (.html).",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string?> _layers = new("--layers")
    {
        Description = "Only layers of these names; * stands for any characters.",
        HelpName = "PATTERN",
    };

    private readonly Option<bool> _gradients = new("--gradients")
    {
        Description = "The gradients of the loss by the layers, for --label or else the predicted class.",
    };

    private readonly Option<bool> _filters = new("--filters") { Description = "The filters of convolutions." };

    private readonly Option<bool> _saliency = new("--saliency")
    {
        Description = "The gradient of the class's score by the pixels.",
    };

    private readonly Option<bool> _cam = new("--cam")
    {
        Description = "Grad-CAM over the picture: where the last convolution sees the class.",
    };

    private readonly Option<string?> _label = new("--label")
    {
        Description = "The right class; right and wrong guesses are then marked.",
        HelpName = "N|NAME",
    };

    private readonly Option<string?> _class = new("--class")
    {
        Description = "The class of --saliency and --cam, always among those shown (default: the predicted one).",
        HelpName = "N|NAME",
    };

    private readonly Option<int> _channels = NumberOption.Whole("--channels",
        "The most channels of a layer: those with the largest mean absolute activation.", 64, 1, 65536);

    private readonly Option<int> _size = NumberOption.Whole("--size", "The width of the picture in pixels.",
        new PyramidOptions().Width, PyramidOptions.MinWidth, PyramidOptions.MaxWidth);

    private readonly Option<PictureFit> _fit = new("--fit")
    {
        Description = "How pictures other than digits get the model's size: Crop (the middle), Stretch or Pad.",
        DefaultValueFactory = _ => PictureFit.Crop,
    };

    private readonly Option<string[]> _shape = ShapeOption.Create();

    private readonly Option<int> _threads = CommonOptions.Threads();

    /// <summary>Gives a command all of them.</summary>
    public void AddTo(Command command)
    {
        command.Add(_model);
        command.Add(_image);
        foreach (Option option in (Option[])[_out, _label, _gradients, _filters, _saliency, _cam, _class, _layers, _channels, _size, _fit,
            _shape, _threads])
            command.Add(option);
    }

    /// <summary>What was asked for.</summary>
    /// <exception cref="InputException">An option has no effect.</exception>
    public VisualizeRequest Read(ParseResult parse)
    {
        var request = new VisualizeRequest(parse.GetValue(_model)!, parse.GetValue(_image)!, parse.GetValue(_out)!)
        {
            Layers = parse.GetValue(_layers),
            Gradients = parse.GetValue(_gradients),
            Filters = parse.GetValue(_filters),
            Saliency = parse.GetValue(_saliency),
            Cam = parse.GetValue(_cam),
            Label = parse.GetValue(_label),
            Class = parse.GetValue(_class),
            Channels = parse.GetValue(_channels),
            Size = parse.GetValue(_size),
            Fit = parse.GetValue(_fit),
            Shapes = parse.GetValue(_shape) ?? [],
            Threads = parse.GetValue(_threads),
            Json = parse.GetValue(CommonOptions.Json),
        };
        return request.Class is null || request.Saliency || request.Cam
            ? request
            : throw new InputException($"--class is '{request.Class}' without --saliency or --cam, which it is for; expected one of them.");
    }
}
