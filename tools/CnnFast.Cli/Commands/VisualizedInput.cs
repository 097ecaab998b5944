using System.Globalization;
using CnnFast.Data;
using CnnFast.Images;
using CnnFast.Onnx;

namespace CnnFast.Cli;

/// <summary>The model and the input of <c>cnnfast visualize</c>.</summary>
internal static class VisualizedInput
{
    private const string Digits = "digits:";
    private const int DigitSide = 28;

    /// <summary>Reads or builds the model; images of ONNX models are given channels last.</summary>
    /// <exception cref="InputException">It has several inputs or outputs, or the input is no picture.</exception>
    public static Model LoadModel(string path, string[] shapes)
    {
        Model model = ModelSource.IsOnnx(path)
            ? OnnxSource.Load(path, shapes, batch: null, OnnxLayout.Nhwc).Model
            : ModelSource.LoadWithoutShapes(path, shapes);
        if (model.Inputs.Count != 1 || model.Outputs.Count != 1)
            throw new InputException($"'{path}' has {model.Inputs.Count} inputs and {model.Outputs.Count} outputs; visualize expects a " +
                "model with one of each.");
        return SizeOf(model) is null
            ? throw new InputException($"'{path}' takes {model.InputShape}; visualize expects a model of pictures, [H, W, 1] or [H, W, 3].")
            : model;
    }

    /// <summary>The numbers that a picture becomes, and its label where the picture has one.</summary>
    /// <exception cref="InputException">There is no such picture, or it does not fit the model.</exception>
    public static (float[] Input, int? Label) Read(CommandHost host, string path, Model model, string image, PictureFit fit)
    {
        (int h, int w, int channels, bool planes) = SizeOf(model)!.Value;
        (byte[] bytes, int? label) = image.StartsWith(Digits, StringComparison.OrdinalIgnoreCase)
            ? ReadEmbedded(path, model, image, h, w, channels)
            : (PictureInput.Read(host, model, image, new PictureOptions(h, w, channels) { Fit = fit }), null);
        var input = new float[bytes.Length];
        model.Normalization.Apply(bytes, input);
        return (planes ? Planes(input, channels) : input, label);
    }

    private static (int H, int W, int Channels, bool Planes)? SizeOf(Model model)
    {
        Shape shape = model.InputShape;
        if (!model.Inputs[0].HasBatch && shape.Rank == 4 && shape[0] == 1)
            shape = shape.WithoutBatch();
        return shape.Rank != 3 ? null
            : shape[2] is 1 or 3 ? (shape[0], shape[1], shape[2], false)
            : shape[0] is 1 or 3 ? (shape[1], shape[2], shape[0], true)
            : null;
    }

    private static (byte[] Bytes, int? Label) ReadEmbedded(string path, Model model, string image, int h, int w, int channels)
    {
        ImageDataset test = DigitDataset.LoadEmbedded().Test;
        if (!int.TryParse(image[Digits.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int index) || index >= test.Count)
            throw new InputException($"IMAGE is '{image}'; expected {Digits} and a number from 0 to {test.Count - 1}.");
        if (h != DigitSide || w != DigitSide || channels != 1)
            throw new InputException($"IMAGE is '{image}', a grey picture of {DigitSide}x{DigitSide} pixels, and '{path}' takes " +
                $"{model.InputShape}; expected a model of digits, or a picture file.");
        return (test.GetImageBytes(index).ToArray(), test.GetLabel(index));
    }

    private static float[] Planes(float[] input, int channels)
    {
        var planes = new float[input.Length];
        int pixels = input.Length / channels;
        for (int i = 0; i < input.Length; i++)
            planes[(i % channels * pixels) + (i / channels)] = input[i];
        return planes;
    }
}
