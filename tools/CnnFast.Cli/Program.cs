Console.WriteLine("cnnfast");
