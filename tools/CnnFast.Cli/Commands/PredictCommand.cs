using System.CommandLine;
using System.Globalization;
using CnnFast.Images;

namespace CnnFast.Cli;

/// <summary><c>cnnfast predict</c>: the classes of pictures.</summary>
internal static class PredictCommand
{
    private const int Top = 3;
    private const int BarLength = 20;

    public static Command Create(CommandHost host)
    {
        Argument<string> model = CommonOptions.Model();
        var images = new Argument<string[]>("IMAGE")
        {
            Description =
                "PNG, JPEG or BMP files of one digit each: any size, grey, colour or see-through, dark on light or light on dark.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new ExampleCommand(
            "predict",
            "Classifies pictures: the three likeliest classes of each, with their probabilities.",
            [
                "A picture is brought to the form of MNIST: paper by the border's shade, ink light on black, " +
                    "its box scaled into 20x20 of 28x28 "
                    + "pixels and centred by its centre of mass. One that already has this form is taken as it is.",
                "JSON: images[] with file, class, name (where the model knows it), probability, probabilities[].",
            ],
            "cnnfast predict digits.safetensors seven.png",
            "cnnfast predict digits.safetensors scans/*.png --json")
        {
            model, images,
        };
        command.SetAction(parse => Run(host, parse.GetValue(model)!, parse.GetValue(images)!, parse.GetValue(CommonOptions.Json)));
        return command;
    }

    private static int Run(CommandHost host, string path, string[] images, bool json)
    {
        Model model = ModelSource.LoadSingle(path);
        if (!DigitClassifier.Fits(model))
            throw new InputException($"'{path}' maps {model.InputShape} to {model.OutputShape}; predict expects a classifier of pictures " +
                "with one channel, [H, W, 1] to [classes].");
        var predictions = new List<(string File, float[] Probabilities)>();
        foreach (string image in images)
        {
            host.Stop.ThrowIfCancellationRequested();
            float[] probabilities = Predict(model, image);
            if (!Array.TrueForAll(probabilities, float.IsFinite))
                throw new NotFiniteNumberException($"The model '{path}' gives probabilities for '{image}' that are not finite; " +
                    "its weights are damaged, or were saved by a training that failed.");
            predictions.Add((image, probabilities));
        }

        if (json)
            WriteJson(host.Output, predictions, model.ClassNames);
        else
            WriteText(host.Output, predictions, model.ClassNames);
        return ExitCodes.Done;
    }

    private static float[] Predict(Model model, string image)
    {
        byte[] bytes = DigitImage.Prepare(ImageFile.Read(image), model.InputShape[0], model.InputShape[1])
            ?? throw new InputException($"'{image}' is blank: nothing stands out from its background; expected a picture of one digit.");
        var input = new float[bytes.Length];
        model.Normalization.Apply(bytes, input);
        float[] output = model.Predict(input);
        DigitClassifier.ToProbabilities(model, output);
        return output;
    }

    private static void WriteJson(TextWriter output, List<(string File, float[] Probabilities)> predictions,
        IReadOnlyList<string>? names) =>
        JsonOutput.Write(output, json =>
        {
            json.WriteStartArray("images");
            foreach ((string file, float[] probabilities) in predictions)
            {
                int best = Ranking(probabilities)[0];
                json.WriteStartObject();
                json.WriteString("file", file);
                json.WriteNumber("class", best);
                if (names is not null)
                    json.WriteString("name", names[best]);
                json.WriteFinite("probability", probabilities[best]);
                json.WriteStartArray("probabilities");
                foreach (float probability in probabilities)
                    json.WriteNumberValue(probability);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });

    private static void WriteText(TextWriter output, List<(string File, float[] Probabilities)> predictions, IReadOnlyList<string>? names)
    {
        int width = predictions.Max(prediction => prediction.File.Length);
        int nameWidth = names?.Max(name => name.Length) ?? 2;
        foreach ((string file, float[] probabilities) in predictions)
        {
            string label = file;
            foreach (int index in Ranking(probabilities).Take(Top))
            {
                var bar = new string('█', (int)Math.Round(probabilities[index] * BarLength));
                string name = names?[index].PadRight(nameWidth) ?? $"{index,2}";
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{label.PadRight(width)}  {name}  {probabilities[index] * 100,6:0.00} %  {bar}")
                    .TrimEnd());
                label = "";
            }
        }
    }

    private static int[] Ranking(float[] probabilities) =>
        [.. Enumerable.Range(0, probabilities.Length).OrderByDescending(i => probabilities[i])];
}
